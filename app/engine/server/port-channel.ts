import type { ClientId } from '../domain/identifiers.ts';
import { LARGE_BYTES, MOST_WAITING_BYTES, type ClientChannel } from './client-channel.ts';

/** One end of a message port as Electron gives it to main and to utility processes. */
export interface MessageEnd {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/**
 * A channel over a message port. Text is a message; a number tells the window that it is served, and us how many
 * characters the window has taken since the last: a port itself does not say what waits in it.
 */
export function portChannel(client: ClientId, port: MessageEnd): ClientChannel {
  let waiting = 0;
  let large = 0;
  let onText: (text: string) => void = () => undefined;
  let over = false;
  const ended: (() => void)[] = [];
  // Who closes a port is not told of it by the port.
  const end = (): void => {
    if (over) return;
    over = true;
    port.close();
    for (const listener of ended) listener();
  };
  port.on('close', end);
  port.on('message', ({ data }) => {
    if (typeof data === 'string') onText(data);
    else if (typeof data === 'number') {
      waiting = Math.max(0, waiting - data);
      if (waiting === 0) large = 0;
    } else end();
  });
  port.postMessage(0);
  port.start();
  return {
    client,
    send(text) {
      if (over) return;
      if (waiting - large > MOST_WAITING_BYTES) {
        end();
        return;
      }
      if (text.length > LARGE_BYTES) large += text.length;
      waiting += text.length;
      port.postMessage(text);
    },
    onMessage(listener) {
      onText = listener;
    },
    onClose: (listener) => void ended.push(listener),
    close: end,
  };
}
