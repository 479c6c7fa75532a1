/** Answers a request of a page for an address of a scheme. */
type ProtocolHandler = (request: Request) => Response | Promise<Response>;
type PermissionHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: { readonly requestingUrl: string },
) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string) => boolean;

/** Names of permissions in Electron and in the browser. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  notifications: 'notifications',
  geolocation: 'geolocation',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
};

/** A web origin in place of a scheme that the system's Chromium does not know. */
export function mapped(address: string): string {
  const url = new URL(address);
  if (url.protocol === 'about:' || url.protocol.startsWith('http')) return address;
  return `https://${url.host}.${url.protocol.slice(0, -1)}.invalid${url.pathname}${url.search}`;
}

/** The address that the desk knows for one of `mapped`. */
export function unmapped(address: string): string {
  const url = URL.parse(address);
  const parts = url?.host.split('.') ?? [];
  const [host = '', scheme = '', last] = parts;
  if (url === null || parts.length !== 3 || last !== 'invalid') return address;
  return `${scheme}://${host}${url.pathname}${url.search}`;
}

const handlers = new Map<string, ProtocolHandler>();
const schemes = new Set<string>();
let onRequest: PermissionHandler | undefined;
let onCheck: CheckHandler | undefined;

/** As Electron's module of the name. */
export const protocol = {
  registerSchemesAsPrivileged(listed: readonly { readonly scheme: string }[]): void {
    for (const { scheme } of listed) schemes.add(scheme);
  },
  handle(scheme: string, handler: ProtocolHandler): void {
    if (!schemes.has(scheme)) throw new Error(`stand-in: ${scheme} was not registered`);
    handlers.set(scheme, handler);
  },
};

/** As Electron's session, of which there is one. */
export const defaultSession = {
  protocol,
  setPermissionRequestHandler(handler: PermissionHandler): void {
    onRequest = handler;
  },
  setPermissionCheckHandler(handler: CheckHandler): void {
    onCheck = handler;
  },
  setDevicePermissionHandler(): void {
    // The browser below has no devices.
  },
};

/** What the handlers say of each permission that the browser can be told of. Without handlers everything is granted, as with Electron. */
export async function permissionsOf(
  contents: unknown,
  address: string,
): Promise<[string, boolean][]> {
  const granted = async (name: string): Promise<boolean> => {
    if (onCheck !== undefined && !onCheck(contents, name, address)) return false;
    return new Promise((resolve) => {
      if (onRequest === undefined) resolve(true);
      else onRequest(contents, name, resolve, { requestingUrl: address });
    });
  };
  return Promise.all(
    Object.entries(PERMISSIONS).map(async ([name, inBrowser]): Promise<[string, boolean]> => [
      inBrowser,
      await granted(name),
    ]),
  );
}

/** The answer for an address of a registered scheme; undefined for every other. */
export async function answer(address: string, method: string): Promise<Response | undefined> {
  const handler = handlers.get(new URL(address).protocol.slice(0, -1));
  return handler?.(new Request(address, { method }));
}
