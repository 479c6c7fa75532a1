import { expect, test } from 'vitest';
import type { ClientId } from '../domain/identifiers.ts';
import { portChannel, type MessageEnd } from './port-channel.ts';

const CLIENT = 'desk-1' as ClientId;
const MEBIBYTE = 'x'.repeat(1 << 20);

/** An end whose other side the test holds. */
class TestEnd implements MessageEnd {
  readonly sent: unknown[] = [];
  closed = false;
  readonly #listeners: ((event: { readonly data: unknown }) => void)[] = [];

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void): void {
    if (event === 'message') this.#listeners.push(listener);
  }

  start(): void {
    this.sent.push('started');
  }

  close(): void {
    this.closed = true;
  }

  hear(data: unknown): void {
    for (const listener of this.#listeners) listener({ data });
  }
}

function open() {
  const end = new TestEnd();
  const channel = portChannel(CLIENT, end);
  const heard: string[] = [];
  let closes = 0;
  channel.onMessage((text) => heard.push(text));
  channel.onClose(() => {
    closes += 1;
  });
  return { end, channel, heard, closes: () => closes };
}

test('a window is told that it is served before anything else', () => {
  const { end, channel, heard } = open();
  channel.send('first');
  end.hear('request');
  expect(end.sent).toEqual([0, 'started', 'first']);
  expect(heard).toEqual(['request']);
});

test('a window that takes nothing is left at 8 MiB, one that takes goes on', () => {
  const [lazy, busy] = [open(), open()];
  for (let sent = 0; sent < 12; sent += 1) {
    lazy.channel.send(MEBIBYTE);
    busy.channel.send(MEBIBYTE);
    busy.end.hear(MEBIBYTE.length);
  }
  expect([lazy.end.closed, lazy.closes()]).toEqual([true, 1]);
  expect([busy.end.closed, busy.closes()]).toEqual([false, 0]);
  expect(lazy.end.sent.length).toBeLessThan(12);
});

test('one large snapshot does not count while it is read', () => {
  const { end, channel } = open();
  channel.send(MEBIBYTE.repeat(20));
  channel.send('after it');
  expect(end.closed).toBe(false);
  expect(end.sent.at(-1)).toBe('after it');
});

test('what is neither text nor a number ends the channel, and it says so once', () => {
  const { end, channel, closes } = open();
  end.hear(new Uint8Array(3));
  channel.close();
  expect([end.closed, closes()]).toEqual([true, 1]);
});
