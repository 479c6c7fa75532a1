import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  desktopMessageSchema,
  desktopRequestSchema,
  type DesktopRequest,
} from '../../engine/api/desktop-bridge.ts';
import { BRIDGE, CHANNEL_OFFER, type DesktopBridge } from '../../engine/api/desktop-names.ts';
import { askedWindow, pagePlace, rememberWindow } from './browser-windows.ts';
import type { Channel, ChannelEvents, ChannelName, Desktop, Host, HostWindows } from './host.ts';

/** So much is taken before the service is told of it: far below what it lets wait. */
const TELL_TAKEN_AFTER = 1 << 18;

/** The bridge of an Electron window; undefined in a browser. */
export function desktopBridge(): DesktopBridge | undefined {
  const bridge: unknown = Reflect.get(globalThis, BRIDGE);
  return typeof bridge === 'object' && bridge !== null ? (bridge as DesktopBridge) : undefined;
}

/** The host of a page in an Electron window: one message port a service, given straight to its process. */
export class ElectronHost implements Host {
  readonly styleNonce: string | undefined;
  readonly windows: HostWindows;
  readonly desktop: Desktop;

  constructor(page: Document, bridge: DesktopBridge) {
    const meta = page.querySelector<HTMLMetaElement>('meta[name="quarterdeck-style-nonce"]');
    this.styleNonce = meta?.content === '' ? undefined : meta?.content;
    const ask = (request: DesktopRequest): void =>
      bridge.ask(encodeMessage(desktopRequestSchema, request));
    this.windows = {
      asked: askedWindow(),
      tellsPlace: false,
      remember: rememberWindow,
      place: pagePlace,
      open(window) {
        ask({ type: 'OpenWindow', window });
        return true;
      },
      close: () => ask({ type: 'CloseWindow' }),
    };
    this.desktop = {
      notify: (title, text) =>
        ask({ type: 'Notify', title: title.slice(0, 200), text: text.slice(0, 1000) }),
      setMenu: (commands) => ask({ type: 'SetMenu', commands: [...commands] }),
      onMenu(onChosen) {
        bridge.onTold((text) => {
          const told = decodeMessage(desktopMessageSchema, text);
          if (told.ok) onChosen(told.value.command);
        });
      },
    };
  }

  openChannel(name: ChannelName, events: ChannelEvents): Channel {
    const { port1: port, port2: given } = new MessageChannel();
    let taken = 0;
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      // A number says that the service has it.
      if (typeof data === 'number') events.onOpen();
      if (typeof data !== 'string') return;
      events.onMessage(data);
      taken += data.length;
      if (taken < TELL_TAKEN_AFTER) return;
      port.postMessage(taken);
      taken = 0;
    });
    port.addEventListener('close', () => events.onClose('its process ended or is not there'));
    port.start();
    // The preload script catches it and hands the port to main: ports do not pass the bridge.
    window.postMessage({ [CHANNEL_OFFER]: name }, location.origin, [given]);
    return {
      send: (text) => port.postMessage(text),
      close() {
        port.close();
        events.onClose('closed by this window');
      },
    };
  }
}
