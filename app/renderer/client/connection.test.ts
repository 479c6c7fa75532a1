import { expect, test, vi } from 'vitest';
import { err, ok } from '../../engine/base/result.ts';
import { backoffMs } from './backoff.ts';
import { Connection, type ConnectionState } from './connection.ts';
import type { ChannelEvents } from './host.ts';

test('the wait doubles, has a ceiling and never goes below its base', () => {
  expect([1, 2, 3, 20].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1000, 5000]);
  expect(backoffMs(1, 1)).toBe(325);
});

test('a lost channel comes back, and nothing is queued while it is away', () => {
  vi.useFakeTimers();
  const channels: ChannelEvents[] = [];
  const sent: string[] = [];
  const states: ConnectionState['phase'][] = [];
  const heard: string[] = [];
  const connection = new Connection<string, string>({
    host: {
      openChannel: (_name, events) => {
        channels.push(events);
        return { send: (text) => sent.push(text), close: () => undefined };
      },
    },
    name: 'feed',
    decode: (text) => (text === 'bad' ? err({ message: 'no' }) : ok(text)),
    encode: (request) => `<${request}>`,
    onMessage: (message) => heard.push(message),
    onState: (state) => states.push(state.phase),
  });
  connection.open();
  expect(connection.send('early')).toBe(false);
  channels[0]?.onOpen();
  expect(connection.send('a')).toBe(true);
  channels[0]?.onMessage('hello');
  channels[0]?.onMessage('bad');
  channels[0]?.onClose('gone');
  expect(connection.send('lost')).toBe(false);
  vi.runOnlyPendingTimers();
  channels[1]?.onOpen();
  expect(connection.send('b')).toBe(true);
  expect(sent).toEqual(['<a>', '<b>']);
  expect(heard).toEqual(['hello']);
  expect(states.at(-1)).toBe('Open');
  expect(states).toContain('Waiting');
  vi.useRealTimers();
});

test('a service that must speak and says nothing for three seconds is given up and tried anew', () => {
  vi.useFakeTimers();
  const channels: ChannelEvents[] = [];
  const closed: number[] = [];
  const states: ConnectionState[] = [];
  const heard: string[] = [];
  const connection = new Connection<string, string>({
    host: {
      openChannel: (_name, events) => {
        const index = channels.push(events) - 1;
        return { send: () => undefined, close: () => closed.push(index) };
      },
    },
    name: 'feed',
    speaksEverySecond: true,
    decode: (text) => ok(text),
    encode: (request) => request,
    onMessage: (message) => heard.push(message),
    onState: (state) => states.push(state),
  });
  connection.open();
  channels[0]?.onOpen();
  for (let second = 0; second < 10; second += 1) {
    vi.advanceTimersByTime(1000);
    channels[0]?.onMessage('here');
  }
  expect(states.at(-1)?.phase).toBe('Open');
  vi.advanceTimersByTime(4000);
  expect(states.findLast(({ phase }) => phase === 'Waiting')?.detail).toBe('feed says nothing');
  expect(closed).toEqual([0]);
  // What it said before it was given up, heard late, is of no connection any more.
  channels[0]?.onMessage('late');
  expect(heard).not.toContain('late');
  vi.advanceTimersByTime(1000);
  channels[1]?.onOpen();
  expect(states.at(-1)?.phase).toBe('Open');
  connection.close();
  vi.advanceTimersByTime(10_000);
  expect(channels).toHaveLength(2);
  vi.useRealTimers();
});
