import { BrowserWindows } from './browser-windows.ts';
import type { Channel, ChannelEvents, ChannelName, Host } from './host.ts';

/** The host of a page served on loopback: one same-origin WebSocket a service, authenticated by the session cookie. */
export class BrowserHost implements Host {
  readonly windows = new BrowserWindows();
  readonly styleNonce: string | undefined;

  constructor(page: Document) {
    const meta = page.querySelector<HTMLMetaElement>('meta[name="quarterdeck-style-nonce"]');
    // Browsers hide the attribute form of a nonce from scripts, the content of a meta element is readable.
    this.styleNonce = meta?.content === '' ? undefined : meta?.content;
  }

  openChannel(name: ChannelName, events: ChannelEvents): Channel {
    const url = new URL(`/socket/${name}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => events.onOpen());
    socket.addEventListener('message', (event) => {
      if (typeof event.data === 'string') events.onMessage(event.data);
    });
    socket.addEventListener('close', (event) => {
      events.onClose(event.reason === '' ? `closed with code ${event.code}` : event.reason);
    });
    return {
      send: (text) => socket.send(text),
      close: () => socket.close(),
    };
  }
}
