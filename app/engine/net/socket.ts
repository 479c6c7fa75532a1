import type { Agent } from 'node:http';
import { WebSocket } from 'ws';

/** What a socket tells its owner. */
export interface SocketEvents {
  onOpen(): void;
  onMessage(data: Uint8Array): void;
  /** A ping or pong frame: proof of life without data. */
  onAlive(): void;
  onClose(reason: string): void;
}

/** One WebSocket, reduced to what the client needs. */
export interface Socket {
  send(text: string): void;
  ping(): void;
  /** Ends at once, without the closing handshake. */
  terminate(): void;
}

/** Opens a socket; after `onClose` nothing more is called. */
export type SocketOpener = (
  url: string,
  limits: { readonly maxMessageBytes: number },
  events: SocketEvents,
) => Socket;

/** Opens a real WebSocket; pongs are answered by the library with the payload of the ping. */
export const openSocket: SocketOpener = (url, limits, events) => openReal(url, limits, events);

/** Opens real WebSockets over connections that an agent makes. */
export function openerWith(agentFor: (url: string) => Agent): SocketOpener {
  return (url, limits, events) => openReal(url, limits, events, agentFor(url));
}

function openReal(
  ...[url, limits, events, agent]: [...Parameters<SocketOpener>, agent?: Agent]
): Socket {
  const socket = new WebSocket(url, {
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    skipUTF8Validation: false,
    ...(agent === undefined ? {} : { agent }),
  });
  socket.binaryType = 'nodebuffer';
  let failure: string | undefined;
  socket.on('open', () => events.onOpen());
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data)) events.onMessage(data);
  });
  socket.on('ping', () => events.onAlive());
  socket.on('pong', () => events.onAlive());
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', (code, reason) => {
    const words = reason.toString('utf8');
    events.onClose(failure ?? `closed with code ${code}${words === '' ? '' : `: ${words}`}`);
  });
  return {
    send: (text) => socket.send(text),
    ping: () => socket.ping(),
    terminate: () => socket.terminate(),
  };
}
