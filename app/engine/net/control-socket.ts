import { WebSocket } from 'ws';

/** A message stream to a service of a running engine. */
export interface ControlSocket {
  send(text: string): void;
  close(): void;
}

/** Opens `service` of the engine that listens on a socket of the file system (or named pipe). `onClose` tells why, once. */
export function openControlSocket(
  engine: { readonly socket: string; readonly secret: string },
  service: string,
  events: {
    readonly onMessage: (text: string) => void;
    readonly onClose: (reason: string) => void;
  },
): ControlSocket {
  const socket = new WebSocket(`ws+unix://${engine.socket}:/socket/${service}`, {
    headers: { authorization: `Bearer ${engine.secret}` },
    perMessageDeflate: false,
  });
  const waiting: string[] = [];
  let failure = 'closed';
  socket.on('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data)) events.onMessage(data.toString('utf8'));
  });
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', () => events.onClose(failure));
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else waiting.push(text);
    },
    close() {
      socket.close();
    },
  };
}
