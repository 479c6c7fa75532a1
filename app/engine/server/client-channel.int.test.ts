import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ClientId } from '../domain/identifiers.ts';
import { webSocketChannel, type ClientChannel } from './client-channel.ts';

// Shorter than what a WebSocket waits for by itself.
const LIMIT_MS = 10_000;

test('a peer that never answers the goodbye holds nobody up', { timeout: LIMIT_MS }, async () => {
  const server = createServer();
  const door = new WebSocketServer({ server });
  const opened = new Promise<ClientChannel>((resolve) => {
    door.once('connection', (socket) => resolve(webSocketChannel('window-1' as ClientId, socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A window whose thread is busy: its socket is open and nobody reads it.
  const busy = connect((server.address() as AddressInfo).port, '127.0.0.1');
  busy.write(
    'GET / HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  busy.pause();
  const channel = await opened;
  const closed = new Promise<string>((resolve) => channel.onClose(() => resolve('closed')));
  channel.close();
  expect(await closed).toBe('closed');
  busy.destroy();
  door.close();
  server.close();
});
