import type { WebSocket } from 'ws';
import type { ClientId } from '../domain/identifiers.ts';

/** Bytes that may wait for a window that does not read; beyond, it is dropped and starts again from a snapshot. */
export const MOST_WAITING_BYTES = 8 << 20;
/** A snapshot may be larger than all that: until it is read it does not count, or a window could never begin. */
export const LARGE_BYTES = 1 << 20;
/** How long a peer may take to answer a close; one that is busy or gone must not hold a process up. */
const FAREWELL_MS = 500;

/** One window's or command line's message stream to a process. */
export interface ClientChannel {
  readonly client: ClientId;
  /** Sends text; a window that lags too far is disconnected instead. */
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  /** Says goodbye; a peer that does not answer it is left without. */
  close(): void;
}

/** A channel over a WebSocket. Binary messages are refused by closing. */
export function webSocketChannel(client: ClientId, socket: WebSocket): ClientChannel {
  // A broken peer is an ordinary end: `close` follows every `error`.
  socket.on('error', () => socket.terminate());
  let large = 0;
  return {
    client,
    send(text) {
      const waiting = socket.bufferedAmount;
      if (waiting === 0) large = 0;
      if (waiting - large > MOST_WAITING_BYTES) {
        socket.terminate();
        return;
      }
      if (text.length > LARGE_BYTES) large += text.length;
      socket.send(text);
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) {
          socket.close(1003);
          return;
        }
        if (Buffer.isBuffer(data)) listener(data.toString('utf8'));
      });
    },
    onClose(listener) {
      socket.on('close', listener);
    },
    close() {
      socket.close(1001);
      setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
    },
  };
}
