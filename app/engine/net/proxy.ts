import { err, ok, type Result } from '../base/result.ts';

/** Where a proxy is and how it is spoken to. */
export interface Proxy {
  readonly kind: 'Connect' | 'Socks5';
  /** It is spoken to over TLS. */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

/** What an address of a proxy lacks. */
export interface ProxyAddressError {
  readonly code: 'PROXY_ADDRESS_WRONG';
  readonly message: string;
}

/** The proxy through which a host is reached; undefined: none. */
export type ChooseProxy = (host: string, port: number, secure: boolean) => Proxy | undefined;

const KINDS: Readonly<Record<string, Pick<Proxy, 'kind' | 'secure'> & { readonly port: number }>> =
  {
    'http:': { kind: 'Connect', secure: false, port: 80 },
    'https:': { kind: 'Connect', secure: true, port: 443 },
    'socks5:': { kind: 'Socks5', secure: false, port: 1080 },
    'socks5h:': { kind: 'Socks5', secure: false, port: 1080 },
  };

/** Reads `http://user:password@host:port`, `https://…`, `socks5://…`; `from` names where it stands. The error repeats nothing of it. */
export function parseProxy(text: string, from: string): Result<Proxy, ProxyAddressError> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && KINDS[url.protocol];
  if (url === undefined || kind === undefined || url.hostname === '') {
    const message = `${from} must be http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT`;
    return err({ code: 'PROXY_ADDRESS_WRONG', message });
  }
  return ok({
    kind: kind.kind,
    secure: kind.secure,
    host: bare(url.hostname),
    port: url.port === '' ? kind.port : Number(url.port),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  });
}

/** How a proxy is called, without name and password. */
export function nameOfProxy({ kind, secure, host, port }: Proxy): string {
  const connect = secure ? 'https' : 'http';
  return `${kind === 'Socks5' ? 'socks5' : connect}://${host}:${port}`;
}

/** What the environment says: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals or small. This machine is always reached directly. */
export function systemProxies(
  environment: Readonly<Record<string, string | undefined>>,
): Result<ChooseProxy, ProxyAddressError> {
  const value = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const read = (name: string): Result<Proxy | undefined, ProxyAddressError> => {
    const [from, text] =
      value(name) === undefined ? ['ALL_PROXY', value('ALL_PROXY')] : [name, value(name)];
    if (text === undefined) return ok(undefined);
    return parseProxy(text.includes('://') ? text : `http://${text}`, from);
  };
  const secured = read('HTTPS_PROXY');
  if (!secured.ok) return secured;
  const plain = read('HTTP_PROXY');
  if (!plain.ok) return plain;
  const direct = (value('NO_PROXY') ?? '').split(/[\s,]+/).filter((one) => one !== '');
  return ok((host, port, secure) => {
    if (isThisMachine(host) || direct.some((one) => isMeant(one, host, port))) return undefined;
    return secure ? secured.value : plain.value;
  });
}

/** `example.com` and `.example.com` mean it and what lies below it; a port narrows it; `*` means all. */
function isMeant(pattern: string, host: string, port: number): boolean {
  if (pattern === '*') return true;
  const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const wanted = name.replace(/^\*?\./, '').toLowerCase();
  const asked = host.toLowerCase();
  return asked === wanted || asked.endsWith(`.${wanted}`);
}

function isThisMachine(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(bare(host));
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
