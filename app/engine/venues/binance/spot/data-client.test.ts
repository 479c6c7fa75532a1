import { expect, test } from 'vitest';
import { BOOK_REASON } from '../../../ports/market-data-client.ts';
import { FakeMarket } from './testdata/fake-market.ts';

const RESYNCING_START = `resyncing ${BOOK_REASON.starting}`;
const LIVE = 'live 0';

async function live(): Promise<FakeMarket> {
  const market = new FakeMarket();
  await market.start();
  expect(market.log).toEqual([RESYNCING_START, 'snapshot 100', LIVE]);
  market.log.length = 0;
  return market;
}

test('one request subscribes trades, quotes, diffs and bars', async () => {
  const market = await live();
  expect(market.socket().sent).toMatchObject([
    {
      method: 'SUBSCRIBE',
      params: ['btcusdt@trade', 'btcusdt@bookTicker', 'btcusdt@depth@100ms', 'btcusdt@kline_1m'],
    },
  ]);
  expect(market.health).toMatchObject({ state: 'Connected', reconnects: 0, unknownMessages: 0 });
});

test('diffs before the snapshot wait; those it holds are left out', async () => {
  const market = new FakeMarket();
  market.snapshots = [95];
  market.client.subscribe([{ instrument: market.instrument, index: 7 }]);
  const socket = market.socket();
  socket.events.onOpen();
  market.message({ result: null, id: socket.sent[0]?.id });
  for (const [first, last] of [
    [90, 94],
    [95, 96],
    [97, 99],
  ] as const) {
    market.message({ e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: first, u: last, b: [], a: [] });
  }
  await market.settle();
  expect(market.log).toEqual([RESYNCING_START, 'snapshot 95', 'diff 96', 'diff 99', LIVE]);
});

test('diffs that join pass, those that repeat do not', async () => {
  const market = await live();
  await market.diff(101, 103);
  await market.diff(101, 103);
  await market.diff(104, 104);
  expect(market.log).toEqual(['diff 103', 'diff 104']);
});

test('a gap drops the book; after a pause a fresh snapshot joins what was kept', async () => {
  const market = await live();
  await market.diff(101, 103);
  market.snapshots = [109];
  await market.diff(106, 110);
  await market.diff(111, 112);
  expect(market.log).toEqual(['diff 103', `resyncing ${BOOK_REASON.gap}`]);
  await market.pass(251);
  expect(market.log.slice(2)).toEqual(['snapshot 109', 'diff 110', 'diff 112', LIVE]);
  await market.pass(1_000);
  expect(market.health?.resyncs).toBe(1);
});

test('gaps that go on do not put off the snapshot that mends them', async () => {
  const market = await live();
  const before = market.depthRequests;
  for (let gap = 1; gap <= 30; gap += 1) {
    market.snapshots = [100 + gap * 10 + 5];
    await market.diff(100 + gap * 10, 101 + gap * 10);
    await market.pass(100);
  }
  expect(market.depthRequests).toBeGreaterThan(before + 8);
  expect(market.log).toContain(LIVE);
  await market.pass(251);
  expect(market.log.at(-1)).toBe(LIVE);
});

test('a snapshot older than what was kept is asked for again, with growing pauses', async () => {
  const market = await live();
  market.snapshots = [102, 103, 120];
  await market.diff(110, 111);
  const before = market.depthRequests;
  await market.pass(251);
  expect(market.depthRequests).toBe(before + 1);
  await market.pass(501);
  expect(market.depthRequests).toBe(before + 2);
  expect(market.log).toEqual([`resyncing ${BOOK_REASON.gap}`]);
  await market.pass(1_001);
  expect(market.log.slice(1)).toEqual(['snapshot 120', LIVE]);
});

test('silence while connected makes the book stale, the next message makes it live', async () => {
  const market = await live();
  await market.pass(5_000);
  expect(market.log).toEqual([`stale ${BOOK_REASON.silent}`]);
  await market.trade(1);
  expect(market.log.slice(1)).toEqual([LIVE, 'trade 1']);
});

test('long silence ends the connection', async () => {
  const market = await live();
  await market.pass(30_000);
  expect(market.socket(0).gone).toBe(true);
});

test('a lost connection makes the book stale; the next one subscribes again and joins anew', async () => {
  const market = await live();
  market.socket().events.onClose('reset');
  expect(market.log).toEqual([`stale ${BOOK_REASON.disconnected}`]);
  market.snapshots = [200];
  await market.pass(501);
  await market.accept(1);
  expect(market.socket(1).sent[0]?.params).toHaveLength(4);
  expect(market.log.slice(1)).toEqual([RESYNCING_START, 'snapshot 200', LIVE]);
  expect(market.health).toMatchObject({ state: 'Connected', reconnects: 1 });
});

test('when the venue shuts a server down the stream moves without a break or a repeat', async () => {
  const market = await live();
  await market.trade(1);
  market.message({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } });
  await market.settle();
  const second = market.socket(1);
  second.events.onOpen();
  market.time.advance(350);
  await market.trade(2, 0);
  await market.trade(2, 1);
  await market.diff(101, 103, 1);
  await market.diff(101, 103, 0);
  expect(market.socket(0).gone).toBe(false);
  market.message({ result: null, id: second.sent[0]?.id }, 1);
  await market.settle();
  expect(market.socket(0).gone).toBe(true);
  await market.trade(3, 1);
  expect(market.log).toEqual(['trade 1', 'trade 2', 'diff 103', 'trade 3']);
});

test('a quiet book is checked against a snapshot; twice behind, the connection is replaced', async () => {
  const market = await live();
  const quietMinute = async (from: number): Promise<void> => {
    for (let second = 0; second < 61; second += 1) {
      await market.trade(from + second);
      await market.pass(1_000);
    }
  };
  const before = market.depthRequests;
  await quietMinute(1);
  expect(market.depthRequests).toBe(before + 1);
  expect(market.log.every((line) => line.startsWith('trade'))).toBe(true);
  market.snapshots = [105, 110];
  await quietMinute(100);
  expect(market.log).toContain('snapshot 105');
  expect(market.socket(0).gone).toBe(false);
  await quietMinute(200);
  expect(market.socket(0).gone).toBe(true);
});

test('what nobody knows and what cannot be read is kept raw and counted', async () => {
  const market = await live();
  market.message({ stream: 'btcusdt@new', data: { e: 'newThing', s: 'BTCUSDT' } });
  market.message('{"e":"trade","s":"BTCUSDT"');
  await market.settle();
  await market.pass(1_000);
  expect(market.unknown).toHaveLength(2);
  expect(market.health).toMatchObject({ unknownMessages: 1, parseErrors: 1 });
});

test('a refused subscription replaces the connection', async () => {
  const market = new FakeMarket();
  market.client.subscribe([{ instrument: market.instrument, index: 7 }]);
  const socket = market.socket();
  socket.events.onOpen();
  market.message({ code: 2, msg: 'Invalid request', id: socket.sent[0]?.id });
  await market.settle();
  expect(socket.gone).toBe(true);
  expect(market.log).toEqual([]);
});

test('requests keep their distance and their size', async () => {
  const market = new FakeMarket();
  const many = Array.from({ length: 120 }, (_, index) => ({
    instrument: {
      ...market.instrument,
      id: `S${index}.BINANCE@sandbox` as typeof market.instrument.id,
      symbol: `S${index}`,
    },
    index,
  }));
  market.client.subscribe(many);
  market.socket().events.onOpen();
  const sizes = () => market.socket().sent.map(({ params }) => params.length);
  expect(sizes()).toEqual([200]);
  market.time.advance(349);
  expect(sizes()).toEqual([200]);
  market.time.advance(351);
  expect(sizes()).toEqual([200, 200, 80]);
});

test('more instruments than a connection carries get another', () => {
  const market = new FakeMarket();
  market.client.subscribe(
    Array.from({ length: 251 }, (_, index) => ({
      instrument: {
        ...market.instrument,
        id: `S${index}.BINANCE@sandbox` as typeof market.instrument.id,
        symbol: `S${index}`,
      },
      index,
    })),
  );
  expect(market.sockets).toHaveLength(2);
});

test('instruments are loaded with the weight limit, the unreadable one told', async () => {
  const market = new FakeMarket();
  const loaded = await market.client.loadInstruments();
  expect(loaded.ok && loaded.value).toHaveLength(3);
  expect(market.unknown).toHaveLength(1);
});

test('after unsubscribing and disposing nothing is left', async () => {
  const market = await live();
  market.client.unsubscribe([market.instrument.id]);
  await market.trade(9);
  expect(market.log).toEqual([]);
  await market.client[Symbol.asyncDispose]();
  market.connector[Symbol.dispose]();
  expect(market.socket().gone).toBe(true);
  expect(market.time.pending).toBe(0);
});

test('a quote that the book does not reach within a second starts the book over', async () => {
  const market = await live();
  await market.quote(105);
  await market.pass(899);
  expect(market.log).toEqual(['bbo 105']);
  market.snapshots = [105];
  await market.pass(1);
  expect(market.log).toEqual(['bbo 105', `resyncing ${BOOK_REASON.gap}`]);
  await market.pass(251);
  expect(market.log.slice(2)).toEqual(['snapshot 105', LIVE]);
});

test('a quote that the next diff reaches is nothing to worry about', async () => {
  const market = await live();
  await market.quote(105);
  await market.pass(100);
  await market.diff(101, 106);
  await market.pass(1_000);
  expect(market.log).toEqual(['bbo 105', 'diff 106']);
});

test('a message that cannot be read starts the books it may be about over', async () => {
  const market = await live();
  market.message('{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":101,"u":10');
  await market.settle();
  expect(market.log).toEqual([`resyncing ${BOOK_REASON.gap}`]);
  expect(market.unknown).toHaveLength(1);
});

test('twenty planned rotations lose no message and repeat none', async () => {
  const market = await live();
  const expected: string[] = [];
  let id = 0;
  const both = async (connections: readonly number[]): Promise<void> => {
    id += 1;
    for (const connection of connections) await market.trade(id, connection);
    expected.push(`trade ${id}`);
    for (const connection of connections) await market.diff(100 + id, 100 + id, connection);
    expected.push(`diff ${100 + id}`);
  };
  for (let rotation = 0; rotation < 20; rotation += 1) {
    await both([rotation]);
    market.rotateSoon(rotation);
    await market.settle();
    const next = market.socket(rotation + 1);
    next.events.onOpen();
    await both([rotation]);
    // Before the venue confirms the new connection, both may speak, in either order.
    await both(rotation % 2 === 0 ? [rotation, rotation + 1] : [rotation + 1, rotation]);
    market.time.advance(350);
    for (const { id: request } of next.sent)
      market.message({ result: null, id: request }, rotation + 1);
    await market.settle();
    await both([rotation + 1]);
    expect(market.socket(rotation).gone).toBe(true);
  }
  expect(market.log).toEqual(expected);
});

test('diffs numbered anew start the book over within a second, and its quotes count again', async () => {
  const market = await live();
  await market.quote(100);
  market.log.length = 0;
  market.snapshots = [12];
  for (let id = 1; id <= 9; id += 1) await market.diff(id, id);
  expect(market.log).toEqual([`resyncing ${BOOK_REASON.gap}`]);
  await market.quote(11);
  await market.pass(251);
  expect(market.log.slice(1)).toEqual(['bbo 11', 'snapshot 12', LIVE]);
});

test('a few diffs that repeat what the book holds are left out', async () => {
  const market = await live();
  for (let round = 0; round < 3; round += 1) {
    for (let id = 93; id <= 100; id += 1) await market.diff(id, id);
    await market.diff(101 + round, 101 + round);
  }
  expect(market.log).toEqual(['diff 101', 'diff 102', 'diff 103']);
});

test('a book in doubt starts over', async () => {
  const market = await live();
  market.client.doubtBook(market.instrument.id, 'crossed');
  expect(market.log).toEqual([`resyncing ${BOOK_REASON.crossed}`]);
});
