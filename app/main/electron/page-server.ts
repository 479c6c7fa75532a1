import { randomBytes } from 'node:crypto';
import { protocol, type Session } from 'electron';
import { loadAssets } from '../host/assets.ts';
import { contentSecurityPolicy, deskPage } from '../host/desk-page.ts';

const SCHEME = 'quarterdeck';
/** Where the pages of the desk are. */
const ORIGIN = `${SCHEME}://desk`;

/** Makes the scheme of our pages one that browsers treat like https. Before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** The address of the desk that shows a window of the workspace. */
export function addressOf(window: string): string {
  return `${ORIGIN}/?window=${encodeURIComponent(window)}`;
}

/** True for an address of our own pages. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${SCHEME}:` && url.host === 'desk';
}

/** Serves the built renderer from memory. What is not in it is not there: no path reaches the disk. */
export function servePages({ protocol: pages }: Session, rendererFolder: string): void {
  const assets = loadAssets(rendererFolder);
  const styleNonce = randomBytes(16).toString('base64url');
  const headers = {
    'content-security-policy': contentSecurityPolicy(styleNonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
  pages.handle(SCHEME, ({ method, url }) => {
    const { pathname } = new URL(url);
    const asset = assets.get(pathname === '/' ? '/index.html' : pathname);
    if (!isOurs(url) || asset === undefined) return new Response(null, { status: 404, headers });
    if (method !== 'GET') return new Response(null, { status: 405, headers });
    const body =
      pathname === '/'
        ? deskPage(asset.bytes.toString(), { styleNonce })
        : new Uint8Array(asset.bytes);
    return new Response(body, { headers: { ...headers, 'content-type': asset.type } });
  });
}
