import { expect, test } from 'vitest';
import { present } from '../base/invariant.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { ManualTime } from '../net/scheduler.ts';
import { MarketRecorder } from '../ports/contract/market-recorder.contract.ts';
import { instrumentFrom } from '../ports/instrument-terms.ts';
import { BOOK_LIVE, BOOK_RESYNCING, BOOK_STALE } from '../native/compute/market-record.ts';
import { krakenVenue } from '../venues/kraken/index.ts';
import { okxVenue } from '../venues/okx/index.ts';
import { StreamDataClient } from './stream-client.ts';
import { fakeSockets, type FakeSocket } from './testing/fake-sockets.ts';

const VENUE = okxVenue('sandbox', { http: 'http://x', ws: 'ws://books', wsBusiness: 'ws://bars' });

function listed(symbol: string) {
  const [base = '', quote = ''] = symbol.split('-');
  const steps = {
    tick: '0.1',
    step: '0.001',
    minQuantity: '0',
    maxQuantity: '0',
    minNotional: '0',
  };
  return instrumentFrom({ symbol, base, quote, ...steps, status: 'Trading' }, VENUE.venue);
}

function book(
  symbol: string,
  previous: number,
  id: number,
  bids: string[][],
  asks: string[][],
): string {
  const action = previous < 0 ? 'snapshot' : 'update';
  const rows = (side: string[][]) => side.map((row) => [...row, '0', '1']);
  const data = [
    {
      asks: rows(asks),
      bids: rows(bids),
      ts: '1597026383085',
      checksum: 0,
      prevSeqId: previous,
      seqId: id,
    },
  ];
  return JSON.stringify({ arg: { channel: 'books', instId: symbol }, action, data });
}

function trade(symbol: string, id: number): string {
  const one = {
    instId: symbol,
    tradeId: String(id),
    px: '10.0',
    sz: '0.001',
    side: 'buy',
    ts: '1630048897897',
    count: '1',
    source: '0',
    seqId: id,
  };
  return JSON.stringify({ arg: { channel: 'trades', instId: symbol }, data: [one] });
}

const SNAPSHOT = book('BTC-USDT', -1, 100, [['10.0', '1']], [['10.1', '2']]);

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

async function setUp(...symbols: readonly string[]) {
  const time = new ManualTime();
  const { sockets, open } = fakeSockets();
  const recorder = new MarketRecorder();
  const client = new StreamDataClient({
    venue: VENUE,
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
    open,
    fetch: () => Promise.reject(new Error('nothing is asked here')),
    sink: {
      onRecords: (records, count) => recorder.onRecords(records, count),
      onUnknownMessage: (raw) => recorder.onUnknownMessage(raw),
      // The line of bars tells of itself too.
      onHealth: (health) => {
        if (health.connection.includes('market')) recorder.onHealth(health);
      },
    },
  });
  const names = symbols.length === 0 ? ['BTC-USDT'] : symbols;
  client.subscribe(names.map((symbol, index) => ({ instrument: listed(symbol), index })));
  const market = (): FakeSocket =>
    present(
      sockets.findLast(({ url }) => url === 'ws://books'),
      'a socket',
    );
  for (const socket of sockets) socket.open();
  await settled();
  const hear = async (...texts: readonly string[]): Promise<void> => {
    market().say(...texts);
    await settled();
  };
  return { time, sockets, recorder, client, market, hear };
}

test('a book is Resyncing until its snapshot, then Live; a change that follows is passed on', async () => {
  const { recorder, market, hear } = await setUp();
  expect(market().sent[0]).toBe(
    '{"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"},{"channel":"trades","instId":"BTC-USDT"},{"channel":"bbo-tbt","instId":"BTC-USDT"}]}',
  );
  expect(recorder.states).toEqual([BOOK_RESYNCING]);
  await hear(book('BTC-USDT', 90, 91, [['9.9', '5']], []));
  expect(recorder.book.levels('Bid')).toBe(0);
  await hear(SNAPSHOT, book('BTC-USDT', 100, 105, [['9.9', '5']], []));
  expect(recorder.states).toEqual([BOOK_RESYNCING, BOOK_LIVE]);
  expect(recorder.book.quantityAt('Bid', 99)).toBe(5000);
});

test('after a gap nothing is passed on before a new snapshot, and it is asked for with growing pauses', async () => {
  const { time, recorder, market, hear } = await setUp();
  await hear(
    SNAPSHOT,
    book('BTC-USDT', 104, 105, [['9.9', '5']], []),
    book('BTC-USDT', 105, 106, [['9.8', '5']], []),
  );
  expect(recorder.states).toEqual([BOOK_RESYNCING, BOOK_LIVE, BOOK_RESYNCING]);
  expect(recorder.book.levels('Bid')).toBe(1);
  const asked = () => market().sent.filter((text) => text.includes('"unsubscribe"')).length;
  expect(asked()).toBe(0);
  time.advance(1_000);
  expect(asked()).toBe(1);
  await hear(book('BTC-USDT', -1, 110, [['9.7', '1']], []));
  expect(recorder.live).toBe(true);
  expect(recorder.book.quantityAt('Bid', 100)).toBe(0);
  time.advance(1_000);
  expect(recorder.health?.resyncs).toBe(1);
});

test('a snapshot that does not come is asked for again', async () => {
  const { time, market } = await setUp();
  const first = market().sent.length;
  time.advance(9_000);
  expect(market().sent.filter((text) => text !== 'ping')).toHaveLength(first);
  time.advance(3_000);
  expect(market().sent.filter((text) => text.includes('"unsubscribe"'))).toHaveLength(1);
});

test('a message that cannot be read doubts the book that it names, and is kept as it came', async () => {
  const { time, recorder, hear } = await setUp('BTC-USDT', 'ETH-USDT');
  await hear(SNAPSHOT, book('ETH-USDT', -1, 7, [['5.0', '1']], []));
  const broken = SNAPSHOT.slice(0, 120);
  await hear(broken);
  time.advance(1_000);
  expect(recorder.unknown).toEqual([broken]);
  expect(recorder.health).toMatchObject({ parseErrors: 1 });
  expect(recorder.states.at(-1)).toBe(BOOK_RESYNCING);
  expect(recorder.states.filter((state) => state === BOOK_RESYNCING)).toHaveLength(3);
});

test('what nobody knows is counted and kept; what belongs to an instrument given up is not', async () => {
  const { time, recorder, client, hear } = await setUp('BTC-USDT', 'ETH-USDT');
  await hear('{"arg":{"channel":"something-new"},"data":[]}');
  client.unsubscribe([listed('ETH-USDT').id]);
  await hear(trade('ETH-USDT', 5));
  time.advance(1_000);
  expect(recorder.health).toMatchObject({ unknownMessages: 1, parseErrors: 0 });
  expect(recorder.unknown).toHaveLength(1);
  expect(recorder.tradeIds).toEqual([]);
});

test('an instrument that the venue does not give is Stale and not asked for again', async () => {
  const { time, recorder, market, hear } = await setUp();
  const refusal =
    '{"event":"error","code":"60018","msg":"Wrong URL or channel:books,instId:BTC-USDT doesn\'t exist."}';
  await hear(refusal);
  expect(recorder.states).toEqual([BOOK_RESYNCING, BOOK_STALE]);
  expect(recorder.unknown).toEqual([refusal]);
  time.advance(25_000);
  expect(market().sent.filter((text) => text.includes('"unsubscribe"'))).toEqual([]);
});

test('a lost connection makes the book Stale; the next one asks for everything again', async () => {
  const { time, sockets, recorder, market, hear } = await setUp();
  await hear(SNAPSHOT);
  market().close('closed with code 1006');
  expect(recorder.states.at(-1)).toBe(BOOK_STALE);
  time.advance(1_000);
  expect(sockets).toHaveLength(3);
  market().open();
  expect(market().sent[0]).toContain('"subscribe"');
  await hear(SNAPSHOT);
  expect(recorder.live).toBe(true);
});

test('a connection that says nothing makes its books Stale, and is replaced when it goes on', async () => {
  const { time, sockets, recorder, hear } = await setUp();
  await hear(SNAPSHOT);
  for (let second = 0; second < 11; second += 1) {
    time.advance(1_000);
    await hear('pong');
  }
  expect(recorder.states.at(-1)).toBe(BOOK_STALE);
  await hear(trade('BTC-USDT', 1));
  expect(recorder.live).toBe(true);
  for (let second = 0; second < 61; second += 1) {
    time.advance(1_000);
    await hear('pong');
  }
  expect(sockets.filter(({ url }) => url === 'ws://books').length).toBeGreaterThan(1);
});

test('a rotation loses no trade and tells none twice, and the old connection goes when the books come from the new', async () => {
  const { recorder, sockets, market, hear } = await setUp('BTC-USDT', 'ETH-USDT');
  const old = market();
  await hear(SNAPSHOT, book('ETH-USDT', -1, 7, [['5.0', '1']], []), trade('BTC-USDT', 1));
  await hear('{"event":"notice","code":"64008","msg":"the service is upgraded"}');
  expect(market()).not.toBe(old);
  market().open();
  old.say(trade('BTC-USDT', 2), trade('BTC-USDT', 3));
  // The new one is ahead of the old one.
  await hear(trade('BTC-USDT', 3), trade('BTC-USDT', 5), SNAPSHOT);
  old.say(
    trade('BTC-USDT', 4),
    trade('BTC-USDT', 5),
    book('BTC-USDT', 100, 101, [['9.0', '9']], []),
  );
  await settled();
  expect(recorder.tradeIds).toEqual([1, 2, 3, 5, 4]);
  // Its book comes from the new connection from the snapshot on.
  expect(recorder.book.quantityAt('Bid', 90)).toBe(0);
  expect(old.ended).toBe(false);
  await hear(book('ETH-USDT', -1, 9, [['5.0', '1']], []));
  expect(old.ended).toBe(true);
  expect(recorder.states.at(-1)).toBe(BOOK_LIVE);
  expect(sockets.filter(({ ended }) => !ended)).toHaveLength(2);
});

test('trades that were missed while the connection was away are told once, oldest first, before what follows', async () => {
  const past = (id: number): string =>
    `{"symbol":"BTC/USD","side":"buy","price":10.0,"qty":0.001,"ord_type":"limit","trade_id":${id},"timestamp":"2023-10-06T17:35:55.440295Z"}`;
  const trades = (type: string, ...ids: readonly number[]): string =>
    `{"channel":"trade","type":"${type}","data":[${ids.map(past).join(',')}]}`;
  const time = new ManualTime();
  const { sockets, open } = fakeSockets();
  const recorder = new MarketRecorder();
  const venue = krakenVenue('sandbox', { http: 'http://x', ws: 'ws://x' });
  const steps = {
    tick: '0.1',
    step: '0.001',
    minQuantity: '0',
    maxQuantity: '0',
    minNotional: '0',
  };
  const instrument = instrumentFrom(
    { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', ...steps, status: 'Trading' },
    venue.venue,
  );
  const client = new StreamDataClient({
    venue,
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
    open,
    fetch: () => Promise.reject(new Error('nothing is asked here')),
    sink: recorder,
  });
  client.subscribe([{ instrument, index: 0 }]);
  const say = async (...texts: readonly string[]): Promise<void> => {
    present(sockets.at(-1), 'a socket').say(...texts);
    await settled();
  };
  sockets[0]?.open();
  // What happened before anybody listened is not told.
  await say(trades('snapshot', 5, 6), trades('update', 7));
  expect(recorder.tradeIds).toEqual([7]);
  sockets[0]?.close('gone');
  time.advance(1_000);
  sockets[1]?.open();
  await say(trades('snapshot', 10, 9, 8, 7, 6), trades('update', 11));
  expect(recorder.tradeIds).toEqual([7, 8, 9, 10, 11]);
  await client[Symbol.asyncDispose]();
});
