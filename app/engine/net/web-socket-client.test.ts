import { expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { ManualTime } from './scheduler.ts';
import type { Socket, SocketEvents } from './socket.ts';
import { WebSocketClient, type Connection } from './web-socket-client.ts';

interface Fake {
  readonly events: SocketEvents;
  readonly sent: string[];
  pings: number;
  gone: boolean;
}

function setUp(hold: { readonly untilMs: number } = { untilMs: 0 }) {
  const time = new ManualTime();
  const sockets: Fake[] = [];
  const log: string[] = [];
  const connections: Connection[] = [];
  const client = new WebSocketClient({
    url: 'ws://127.0.0.1/test',
    scheduler: time,
    rng: new Xoshiro128(7),
    connectTimeoutMs: 5_000,
    livenessMs: 10_000,
    pongWithinMs: 3_000,
    rotateAfterMs: 3_600_000,
    overlapMs: 30_000,
    maxMessageBytes: 1_000,
    backoff: { firstMs: 1_000, maxMs: 8_000 },
    holdMs: () => Math.max(0, hold.untilMs - time.nowMicros() / 1000),
    open: (_url, _limits, events): Socket => {
      const fake: Fake = { events, sent: [], pings: 0, gone: false };
      sockets.push(fake);
      return {
        send: (text) => fake.sent.push(text),
        ping: () => {
          fake.pings += 1;
        },
        terminate: () => {
          fake.gone = true;
        },
      };
    },
    handlers: {
      onOpen: (connection) => {
        connections.push(connection);
        log.push(`open ${connection.id}`);
      },
      onMessage: (data, connection) =>
        log.push(`message ${connection.id} ${Buffer.from(data).toString()}`),
      onClose: (connection, reason, current) =>
        log.push(`close ${connection.id} ${current} ${reason}`),
      onState: (state) => log.push(state),
    },
  });
  const socket = (index: number): Fake => {
    const found = sockets[index];
    if (found === undefined) throw new Error(`socket ${index} was not opened`);
    return found;
  };
  return { time, sockets, socket, log, connections, client };
}

test('opens, delivers and sends', () => {
  const { client, socket, log, connections } = setUp();
  client.start();
  socket(0).events.onOpen();
  expect(connections[0]?.send('hello')).toBe(true);
  socket(0).events.onMessage(Buffer.from('x'));
  expect(socket(0).sent).toEqual(['hello']);
  expect(log).toEqual(['Connecting', 'Open', 'open 1', 'message 1 x']);
});

test('nothing is opened before the far side wants it', () => {
  const hold = { untilMs: 1_700_000_120_000 };
  const { client, time, sockets, socket, log } = setUp(hold);
  client.start();
  time.advance(119_999);
  expect(sockets).toHaveLength(0);
  expect(log).toEqual(['Waiting']);
  time.advance(1);
  socket(0).events.onOpen();
  hold.untilMs += 60_000;
  socket(0).events.onClose('gone');
  time.advance(59_000);
  expect(sockets).toHaveLength(1);
  time.advance(1000);
  expect(sockets).toHaveLength(2);
});

test('a connection that does not open in time is ended and tried again after a pause', () => {
  const { client, time, sockets, socket, log } = setUp();
  client.start();
  time.advance(5_000);
  expect(socket(0).gone).toBe(true);
  expect(log.at(-1)).toBe('Waiting');
  time.advance(1_001);
  expect(sockets).toHaveLength(2);
});

test('silence brings a ping, more silence ends a half open connection', () => {
  const { client, time, socket, log } = setUp();
  client.start();
  socket(0).events.onOpen();
  time.advance(10_000);
  expect(socket(0).pings).toBe(1);
  socket(0).events.onAlive();
  time.advance(10_000);
  expect(socket(0).pings).toBe(2);
  expect(socket(0).gone).toBe(false);
  time.advance(10_000);
  expect(socket(0).gone).toBe(true);
  expect(log).toContain('close 1 true half open: no answer to a ping within 3000 ms');
});

test('whenever the last message came, a ping goes out before there was silence for longer', () => {
  for (let lastMs = 0; lastMs <= 12_000; lastMs += 250) {
    const { client, time, socket } = setUp();
    client.start();
    socket(0).events.onOpen();
    for (let ms = 0; ms < lastMs; ms += 250) {
      time.advance(250);
      socket(0).events.onMessage(new Uint8Array());
    }
    time.advance(7_999);
    expect(socket(0).pings, `early, after ${lastMs} ms`).toBe(0);
    time.advance(2_001);
    expect(socket(0).pings, `late, after ${lastMs} ms`).toBe(1);
    time.advance(3_000);
    expect(socket(0).gone).toBe(true);
  }
});

test('pauses grow while attempts fail and start over once a connection is ready', () => {
  const { client, time, sockets, socket, connections } = setUp();
  client.start();
  socket(0).events.onClose('refused');
  time.advance(1_001);
  expect(sockets).toHaveLength(2);
  socket(1).events.onClose('refused');
  time.advance(999);
  expect(sockets).toHaveLength(2);
  time.advance(1_002);
  expect(sockets).toHaveLength(3);
  socket(2).events.onOpen();
  connections[0]?.ready();
  socket(2).events.onClose('lost');
  time.advance(1_001);
  expect(sockets).toHaveLength(4);
});

test('before a connection is too old a new one is ready first', () => {
  const { client, time, sockets, socket, log, connections } = setUp();
  client.start();
  socket(0).events.onOpen();
  connections[0]?.ready();
  for (let minute = 0; minute < 60; minute += 1) {
    for (let step = 0; step < 10; step += 1) {
      time.advance(6_000);
      socket(0).events.onAlive();
    }
  }
  expect(sockets).toHaveLength(2);
  expect(socket(0).gone).toBe(false);
  socket(1).events.onOpen();
  socket(0).events.onMessage(Buffer.from('old still delivers'));
  connections[1]?.ready();
  expect(socket(0).gone).toBe(true);
  expect(log.slice(-4)).toEqual([
    'open 1',
    'open 2',
    'message 1 old still delivers',
    'close 1 false rotated out',
  ]);
  expect(client.state).toBe('Open');
});

test('a rotation whose new connection fails keeps the old one and tries again', () => {
  const { client, time, sockets, socket, connections } = setUp();
  client.start();
  socket(0).events.onOpen();
  connections[0]?.ready();
  client.rotate('the venue asked');
  socket(1).events.onClose('refused');
  expect(client.state).toBe('Open');
  time.advance(1_001);
  expect(sockets).toHaveLength(3);
  socket(2).events.onOpen();
  connections[1]?.ready();
  expect(socket(0).gone).toBe(true);
});

test('an old connection that stays unreplaced is let go when the overlap is over', () => {
  const { client, time, socket } = setUp();
  client.start();
  socket(0).events.onOpen();
  client.rotate('the venue asked');
  socket(1).events.onOpen();
  for (let second = 0; second < 30; second += 5) {
    socket(0).events.onAlive();
    socket(1).events.onAlive();
    time.advance(5_000);
  }
  expect(socket(0).gone).toBe(true);
  expect(socket(1).gone).toBe(false);
});

test('a loss while the replacement is opening waits for the replacement only', () => {
  const { client, time, sockets, socket, log } = setUp();
  client.start();
  socket(0).events.onOpen();
  client.rotate('the venue asked');
  socket(0).events.onClose('reset');
  expect(client.state).toBe('Connecting');
  time.advance(2_000);
  expect(sockets).toHaveLength(2);
  socket(1).events.onOpen();
  expect(client.state).toBe('Open');
  expect(log).toContain('close 1 true reset');
});

test('disposing ends every socket and timer', () => {
  const { client, time, socket, log } = setUp();
  client.start();
  socket(0).events.onOpen();
  client[Symbol.dispose]();
  expect(socket(0).gone).toBe(true);
  expect(time.pending).toBe(0);
  expect(log.at(-1)).toBe('Closed');
});
