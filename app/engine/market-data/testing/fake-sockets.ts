import type { Socket, SocketEvents, SocketOpener } from '../../net/socket.ts';

/** A socket that a test opens, feeds and ends by hand. */
export interface FakeSocket {
  readonly url: string;
  readonly sent: string[];
  /** The client has let it go. */
  ended: boolean;
  open(): void;
  say(...texts: readonly string[]): void;
  close(reason: string): void;
}

/** Sockets as they are asked for, in order; none opens by itself. */
export function fakeSockets(): { readonly sockets: FakeSocket[]; readonly open: SocketOpener } {
  const sockets: FakeSocket[] = [];
  const open = (url: string, _limits: unknown, events: SocketEvents): Socket => {
    const socket: FakeSocket = {
      url,
      sent: [],
      ended: false,
      open: () => events.onOpen(),
      say: (...texts) => {
        for (const text of texts) events.onMessage(Buffer.from(text));
      },
      close: (reason) => events.onClose(reason),
    };
    sockets.push(socket);
    return {
      send: (text) => void socket.sent.push(text),
      ping: () => undefined,
      terminate: () => {
        socket.ended = true;
      },
    };
  };
  return { sockets, open };
}
