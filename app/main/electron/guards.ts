import { app, type Session, type WebContents } from 'electron';
import { isOurs } from './page-server.ts';

/** Told of what a page wanted and did not get. */
export type OnRefused = (code: string, sample: string) => void;

/** Copying text out of our own page after a person's act; everything else that can be permitted is refused. */
const COPY = 'clipboard-sanitized-write';

/** Refuses every permission: without handlers Electron grants them. */
export function refusePermissions(session: Session, onRefused: OnRefused): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) => {
    const granted = permission === COPY && isOurs(requestingUrl);
    if (!granted) onRefused('PERMISSION_REFUSED', permission);
    callback(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === COPY && isOurs(origin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Keeps every page, also one that something else opened, where it is: on our own address, in our own windows. */
export function refuseNavigation(onRefused: OnRefused): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, onRefused));
}

function guard(contents: WebContents, onRefused: OnRefused): void {
  contents.on('will-navigate', (event) => {
    if (isOurs(event.url)) return;
    event.preventDefault();
    onRefused('NAVIGATION_REFUSED', withoutQuery(event.url));
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    onRefused('NAVIGATION_REFUSED', withoutQuery(event.url));
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    onRefused('WINDOW_REFUSED', withoutQuery(url));
    return { action: 'deny' };
  });
}

function withoutQuery(address: string): string {
  return address.split(/[?#]/, 1)[0] ?? '';
}
