import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../base/clock.ts';
import { instrumentId, venueId, type InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { unixMicros } from '../../domain/time.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { ReplayClient } from '../../market-data/replay-client.ts';
import { StoredReplay } from '../../market-data/stored-replay.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { until } from '../../ports/contract/until.ts';
import type { StoredEvent, StoredSpan } from '../../ports/stored-market.ts';
import { TickStoreMarket } from '../../store/ticks/stored-market.ts';
import { TickRecorder } from '../../store/ticks/tick-recorder.ts';
import { playedInstrument, tradedFirst } from './played-instrument.ts';

/** 2023-11-14T23:58:20Z: a day ends 100 seconds later. */
const BEGUN = 1_700_006_300_000_000_000n;
const MILLI = 1_000_000n;

const KRAKEN = venueId('KRAKEN', 'live');
const LIVE = venueId('BINANCE', 'live');
const XMR: Instrument = {
  ...INSTRUMENT,
  id: instrumentId('XMR-USD', KRAKEN),
  venue: KRAKEN,
  symbol: 'XMR/USD',
};
const BTC: Instrument = { ...INSTRUMENT, id: instrumentId('BTCUSDT', LIVE), venue: LIVE };
/** As they were recorded; a replay puts the traded venue's first. */
const RECORDED = [XMR, BTC];
const PLAYED = [BTC, XMR];

/** A message as a test makes it up: levels are [side, price, size], size 0 deletes. */
interface Made {
  readonly at: bigint;
  readonly of: 0 | 1;
  readonly what: 'snapshot' | 'diff' | 'trade' | 'quote' | 'lost';
  readonly levels: readonly (readonly ['b' | 'a', number, number])[];
}

let folder = '';
let stack: AsyncDisposableStack;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-stored-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

/** The records a connector makes of a message. */
function recordsOf({ at, of, what, levels }: Made, id: number): MarketRecords {
  const [, px = 100, size = 1] = levels[0] ?? [];
  const one = (kind: number, ...rest: [number, number, number, number]): MarketRecords => {
    const records = new MarketRecords(1);
    records.set(0, kind, FLAG_LAST, of, at, at, ...rest, id);
    return records;
  };
  if (what === 'trade') return one(KIND_TRADE, px, Math.max(1, size), 0, 0);
  if (what === 'quote') return one(KIND_BBO, px, 1, px + 5, 2);
  if (what === 'lost') return one(KIND_BOOK_STATUS, BOOK_RESYNCING, 2, 0, 0);
  const records = new MarketRecords(levels.length + 1);
  const snapshot = what === 'snapshot';
  const flags = snapshot ? FLAG_SNAPSHOT : 0;
  const header = snapshot ? KIND_SNAPSHOT_HEADER : KIND_DIFF_HEADER;
  records.set(0, header, flags, of, at, at, 0, levels.length, -1, 0, id);
  for (const [row, [side, price, quantity]] of levels.entries()) {
    const kind = side === 'b' ? KIND_BID_LEVEL : KIND_ASK_LEVEL;
    const last = row === levels.length - 1 ? FLAG_LAST : 0;
    records.set(row + 1, kind, flags | last, of, at, at, price, quantity, 0, 0, id);
  }
  return records;
}

/** Keeps messages as a recorder of live markets does; each snapshot is followed by its state. */
function keep(made: readonly Made[]): void {
  const origin = { source: 'a test', writtenBy: 'a test' };
  using recorder = new TickRecorder(join(folder, 'ticks'), RECORDED, origin);
  for (const [id, message] of made.entries()) {
    const records = recordsOf(message, id + 1);
    recorder.append(records.bytes, records.capacity);
  }
}

type Levels = Record<string, number>;

/** What the messages before a time come to, with nothing but maps; by the place in the replay. */
function standsAt(made: readonly Made[], at: bigint) {
  return PLAYED.map((instrument) => {
    const levels = new Map<string, number>();
    let live = false;
    let quote: number | undefined;
    let state: number | undefined;
    for (const message of made) {
      if (message.at >= at || RECORDED[message.of] !== instrument) continue;
      if (message.what === 'quote') quote = message.levels[0]?.[1];
      if (message.what === 'lost') state = BOOK_RESYNCING;
      if (message.what === 'snapshot') {
        levels.clear();
        live = true;
        state = BOOK_LIVE;
      }
      if (!live || (message.what !== 'snapshot' && message.what !== 'diff')) continue;
      for (const [side, price, size] of message.levels) {
        if (size === 0) levels.delete(`${side}${price}`);
        else levels.set(`${side}${price}`, size);
      }
    }
    return { levels: Object.fromEntries(levels) as Levels, quote, state };
  });
}

/** What was told of one instrument since the market began at its present time. */
interface Told {
  readonly book: L2Book;
  quote: number | undefined;
  state: number | undefined;
}

function newTold(): Told[] {
  return PLAYED.map(() => ({ book: new L2Book(), quote: undefined, state: undefined }));
}

function levelsOf({ book }: Told): Levels {
  const top = new BookTop(100);
  book.top(top);
  const levels: Levels = {};
  for (let row = 0; row < top.bids; row += 1)
    levels[`b${top.bidPrices[row]}`] = top.bidQuantities[row] ?? 0;
  for (let row = 0; row < top.asks; row += 1)
    levels[`a${top.askPrices[row]}`] = top.askQuantities[row] ?? 0;
  return levels;
}

/** A replay of what was kept, and what it tells. */
async function replay(speed: number, span: Partial<StoredSpan> = {}) {
  const clock = new ManualClock(1_800_000_000_000_000);
  let told = newTold();
  const heard: string[] = [];
  let jumps = 0;
  const instruments = tradedFirst(RECORDED.map(({ id }) => id));
  const client: ReplayClient<StoredEvent> = new ReplayClient({
    clock,
    speed,
    source: new StoredReplay({
      open: () => TickStoreMarket.open(join(folder, 'ticks'), { instruments, ...span }),
      played: playedInstrument,
    }),
    onJump: () => {
      told = newTold();
      jumps += 1;
    },
    sink: {
      onRecords(bytes, count) {
        const records = MarketRecords.over(bytes, count);
        for (let row = 0; row < count; row += 1) {
          const one = told[records.instrument(row)];
          if (one === undefined) throw new Error('a record must be of an instrument');
          const kind = records.kind(row);
          heard.push(`${records.instrument(row)}:${kind}:${records.id(row)}`);
          if (kind === KIND_BBO) one.quote = records.price(row);
          if (kind === KIND_BOOK_STATUS) one.state = records.price(row);
          one.book.apply(records, row, row + 1);
        }
      },
      onHealth: () => undefined,
      onUnknownMessage: () => undefined,
    },
  });
  stack.use(client);
  const listed = await client.loadInstruments();
  if (!listed.ok) throw new Error(listed.error.message);
  client.subscribe(listed.value.map((instrument, index) => ({ instrument, index })));
  return {
    client,
    clock,
    heard,
    instruments: listed.value,
    jumps: () => jumps,
    now: () => told.map((one) => ({ levels: levelsOf(one), quote: one.quote, state: one.state })),
  };
}

const level = fc.tuple(
  fc.constantFrom('b' as const, 'a' as const),
  fc.integer({ min: 90, max: 110 }),
  fc.integer({ min: 0, max: 3 }),
);
const message: fc.Arbitrary<GivenMessage> = fc.record({
  /** Some come at the same time, some a minute later. */
  wait: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60_000 })),
  of: fc.constantFrom(0 as const, 1 as const),
  what: fc.constantFrom(
    ...(['diff', 'diff', 'diff', 'trade', 'quote', 'snapshot', 'lost'] as const),
  ),
  levels: fc.array(level, { minLength: 1, maxLength: 5 }),
});

type GivenMessage = Omit<Made, 'at'> & { readonly wait: number };

function madeOf(messages: readonly GivenMessage[]): Made[] {
  let at = BEGUN;
  return messages.map(({ wait, ...rest }) => {
    at += BigInt(wait) * MILLI;
    return { ...rest, at };
  });
}

const micros = (nanos: bigint) => unixMicros(Number(nanos / 1000n));

test('wherever it is sought, forward or back, the market is what its messages up to then come to', async () => {
  const messages = fc.array(message, { minLength: 3, maxLength: 60 });
  const jumps = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(messages, jumps, async (given, places) => {
      rmSync(join(folder, 'ticks'), { recursive: true, force: true });
      const both = (['snapshot', 'quote'] as const).flatMap((what) =>
        ([0, 1] as const).map((of): GivenMessage => ({
          wait: 0,
          of,
          what,
          levels: [['b', 90, 1]],
        })),
      );
      const made = madeOf([...both, ...given]);
      keep(made);
      const { client, now } = await replay(0);
      const { from, to } = client.state;
      for (const place of places) {
        const at = unixMicros(from + Math.floor(((to - from) * place) / 1000));
        expect(client.seek(at).ok).toBe(true);
        await until('arrived', () => !client.state.seeking);
        expect(client.state.at).toBe(at);
        const expected = standsAt(made, BigInt(at) * 1000n);
        for (const [index, told] of now().entries()) {
          expect(told.levels).toEqual(expected[index]?.levels);
          expect(told.quote).toBe(expected[index]?.quote);
          // Nothing of it came before: what the seek said of it stands.
          if (expected[index]?.state !== undefined) expect(told.state).toBe(expected[index]?.state);
        }
      }
      await client[Symbol.asyncDispose]();
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 60_000);

const SIX: readonly Made[] = [
  {
    at: BEGUN,
    of: 0,
    what: 'snapshot',
    levels: [
      ['b', 99, 1],
      ['a', 101, 1],
    ],
  },
  {
    at: BEGUN + MILLI,
    of: 1,
    what: 'snapshot',
    levels: [
      ['b', 98, 2],
      ['a', 102, 2],
    ],
  },
  { at: BEGUN + 2n * MILLI, of: 0, what: 'quote', levels: [['b', 99, 1]] },
  { at: BEGUN + 2n * MILLI, of: 1, what: 'diff', levels: [['b', 97, 5]] },
  { at: BEGUN + 2n * MILLI, of: 1, what: 'trade', levels: [['b', 98, 1]] },
  { at: BEGUN + 200_000n * MILLI, of: 0, what: 'diff', levels: [['b', 99, 0]] },
];

test('the same span gives the same events in the same order: of one time by instrument, its trades first', async () => {
  keep(SIX);
  const plays = [];
  for (let time = 0; time < 2; time += 1) {
    const { client, heard, instruments, now } = await replay(Infinity);
    expect(instruments.map(({ id }) => id)).toEqual([
      'BTCUSDT.BINANCE@replay',
      'XMR-USD.KRAKEN@replay',
    ]);
    await until('the end', () => client.state.ended);
    plays.push(heard.filter((one) => !one.includes(`:${KIND_BOOK_STATUS}:`)));
    expect(now()).toEqual(
      standsAt(SIX, 2n ** 62n).map(({ levels, quote }, index) => ({
        levels,
        // BTCUSDT has no stored quotes: those of its book.
        quote: index === 0 ? 98 : quote,
        state: BOOK_STALE,
      })),
    );
  }
  expect(plays[0]).toEqual(plays[1]);
  const headers = plays[0]?.filter((one) => !/:[56]:/.test(one));
  expect(headers).toEqual(['1:4:1', '0:4:2', '0:2:2', '0:1:5', '0:3:4', '1:2:3', '1:3:6']);
});

test('a paused replay goes event by event, and says what it does not do', async () => {
  keep(SIX);
  const { client, heard } = await replay(0);
  await until('begun', () => !client.state.seeking);
  expect(heard).toEqual([]);
  expect(client.step().ok).toBe(true);
  await until('one event', () => heard.includes('1:4:1'));
  expect(client.state.at).toBe(micros(BEGUN));
  expect(client.step().ok).toBe(true);
  await until('the next', () => heard.includes('0:4:2'));
  expect(client.state.at).toBe(micros(BEGUN + MILLI));
  expect(heard.filter((one) => one.startsWith('1:3'))).toEqual([]);
  expect(client.seek(unixMicros(client.state.to + 1))).toMatchObject({
    error: { code: 'REPLAY_OUTSIDE_SPAN' },
  });
  client.setSpeed(1);
  expect(client.step()).toMatchObject({ error: { code: 'REPLAY_NOT_PAUSED' } });
  client.setSpeed(Infinity);
  await until('the end', () => client.state.ended);
  client.setSpeed(0);
  expect(client.step()).toMatchObject({ error: { code: 'REPLAY_ENDED' } });
});

test('after it was sought back the bars are those up to then, and none of what was played already', async () => {
  const trades = [0, 30, 60, 90, 120].map((seconds, place): Made => {
    const at = BEGUN + BigInt(seconds) * 1000n * MILLI;
    return { at, of: 1, what: 'trade', levels: [['b', 100 + place, 1]] };
  });
  keep(trades);
  const { client, instruments, jumps } = await replay(Infinity, {
    instruments: [BTC.id],
  });
  await until('the end', () => client.state.ended);
  client.setSpeed(0);
  client.seek(micros(BEGUN + 75_000n * MILLI));
  await until('arrived', () => !client.state.seeking);
  expect(jumps()).toBe(1);
  const [btc] = instruments;
  if (btc === undefined) throw new Error('an instrument is played');
  const bars = await client.loadBars(btc, '1m', { limit: 10 });
  expect(bars.ok && bars.value.map(({ open, close }) => [open, close])).toEqual([
    [100, 101],
    [102, 102],
  ]);
});

test('a span begins with the book of before, and ends before its end', async () => {
  keep(SIX);
  const span = { from: micros(BEGUN + 2n * MILLI), to: micros(BEGUN + 100_000n * MILLI) };
  const { client, now, heard } = await replay(Infinity, span);
  await until('the end', () => client.state.ended);
  expect(heard).not.toContain('1:3:6');
  expect(now().map(({ levels }) => levels)).toEqual(
    standsAt(SIX, BEGUN + 100_000n * MILLI).map(({ levels }) => levels),
  );
});

test.each([
  [
    'an unknown instrument',
    { instruments: ['DOGEUSDT.BINANCE' as InstrumentId] },
    'has nothing of DOGEUSDT',
  ],
  ['a span after it', { from: unixMicros(1_900_000_000_000_000) }, 'nothing to play'],
  [
    'one instrument of two environments',
    { instruments: [BTC.id, instrumentId('BTCUSDT', venueId('BINANCE', 'testnet'))] },
    'would both be BTCUSDT.BINANCE@replay',
  ],
])('%s is refused in words', async (_, span, said) => {
  keep(SIX);
  const other = { ...BTC, id: instrumentId('BTCUSDT', venueId('BINANCE', 'testnet')) };
  using recorder = new TickRecorder(join(folder, 'ticks'), [other], {
    source: 'a',
    writtenBy: 'a',
  });
  const { bytes, capacity } = recordsOf({ ...SIX[0], of: 0 } as Made, 1);
  recorder.append(bytes, capacity);
  recorder.flush();
  await expect(replay(1, span)).rejects.toThrow(said);
});
