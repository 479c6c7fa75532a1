import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientId } from '../domain/identifiers.ts';

/** Largest message a window may send, in bytes. */
const MOST_MESSAGE_BYTES = 1 << 20;

/** What main hands over with an authenticated socket; the upgrade is answered by the receiving process. */
export interface SocketHandover {
  readonly type: 'Socket';
  readonly client: ClientId;
  readonly headers: Record<string, string>;
  readonly head: string;
}

/** The handover of an upgrade request that main has authenticated as `client`. */
export function handover(request: IncomingMessage, head: Buffer, client: ClientId): SocketHandover {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && name !== 'cookie' && name !== 'authorization') {
      headers[name] = value;
    }
  }
  return { type: 'Socket', client, headers, head: head.toString('base64') };
}

/** Answers upgrades whose sockets were authenticated elsewhere. */
export class SocketDoor {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
  });

  /** Completes the handshake on a socket handed over by main. */
  accept(given: SocketHandover, socket: Socket, onOpen: (socket: WebSocket) => void): void {
    const request = new IncomingMessage(socket);
    request.method = 'GET';
    request.url = '/';
    Object.assign(request.headers, given.headers);
    this.#server.handleUpgrade(request, socket, Buffer.from(given.head, 'base64'), onOpen);
  }

  /** Completes the handshake of a request of this process. */
  acceptRequest(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    onOpen: (socket: WebSocket) => void,
  ): void {
    this.#server.handleUpgrade(request, socket, head, onOpen);
  }
}
