import { BrowserWindows } from './browser-windows.ts';
import {
  SESSION_ENDED,
  type Channel,
  type ChannelEvents,
  type ChannelName,
  type Host,
} from './host.ts';

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
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      events.onOpen();
    });
    socket.addEventListener('message', (event) => {
      if (typeof event.data === 'string') events.onMessage(event.data);
    });
    socket.addEventListener('close', (event) => {
      const reason = event.reason === '' ? `closed with code ${event.code}` : event.reason;
      if (opened) events.onClose(reason);
      else void hasEnded().then((ended) => events.onClose(ended ? SESSION_ENDED : reason));
    });
    return {
      send: (text) => socket.send(text),
      close: () => socket.close(),
    };
  }
}

/** A socket that is refused does not say why: whether it was for want of a session is asked. */
async function hasEnded(): Promise<boolean> {
  try {
    return (await fetch('/session', { cache: 'no-store' })).status === 401;
  } catch {
    // Nobody answers: that is another matter.
    return false;
  }
}
