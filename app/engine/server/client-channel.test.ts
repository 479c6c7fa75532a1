import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { ClientId } from '../domain/identifiers.ts';
import { webSocketChannel } from './client-channel.ts';

const MEGABYTE = 1 << 20;

/** A socket whose peer reads only when told. */
function unread(): { socket: WebSocket; read: () => void; dropped: () => boolean } {
  const state = { bufferedAmount: 0, dropped: false };
  const socket = Object.assign(state, {
    on: () => undefined,
    send: (text: string) => void (state.bufferedAmount += text.length),
    terminate: () => void (state.dropped = true),
  });
  return {
    socket: socket as unknown as WebSocket,
    read: () => void (state.bufferedAmount = 0),
    dropped: () => state.dropped,
  };
}

test('a window that does not read is dropped', () => {
  const { socket, dropped } = unread();
  const channel = webSocketChannel('desk-1' as ClientId, socket);
  for (let sent = 0; sent < 8; sent += 1) channel.send('x'.repeat(MEGABYTE));
  expect(dropped()).toBe(false);
  channel.send('x');
  channel.send('x');
  expect(dropped()).toBe(true);
});

test('a snapshot larger than what may wait does not drop the window that asked for it', () => {
  const { socket, dropped } = unread();
  const channel = webSocketChannel('desk-1' as ClientId, socket);
  channel.send('x'.repeat(12 * MEGABYTE));
  for (let sent = 0; sent < 70; sent += 1) channel.send('x'.repeat(MEGABYTE / 10));
  expect(dropped()).toBe(false);
  for (let sent = 0; sent < 20; sent += 1) channel.send('x'.repeat(MEGABYTE / 10));
  expect(dropped()).toBe(true);
});

test('once the snapshot is read, the window has the same room as any', () => {
  const { socket, read, dropped } = unread();
  const channel = webSocketChannel('desk-1' as ClientId, socket);
  channel.send('x'.repeat(12 * MEGABYTE));
  read();
  for (let sent = 0; sent < 9; sent += 1) channel.send('x'.repeat(MEGABYTE));
  channel.send('x');
  expect(dropped()).toBe(true);
});
