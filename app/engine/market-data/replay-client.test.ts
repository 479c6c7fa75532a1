import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { instrumentId, venueId, type AssetCode } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../native/compute/market-record.ts';
import { until } from '../ports/contract/until.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import type { ConnectionHealth } from '../ports/market-data-client.ts';
import { RecordedReplay } from './recorded-replay.ts';
import { ReplayClient } from './replay-client.ts';
import type { WireRecordingError } from './wire-recording.ts';

const VENUE = venueId('BINANCE', 'replay');
const SECOND = 1_000_000_000n;
const BEGUN = 1_700_000_000n * SECOND;
const INSTRUMENT: Instrument = {
  id: instrumentId('BTCUSDT', VENUE),
  venue: VENUE,
  symbol: 'BTCUSDT',
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 5,
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(100_000_000),
  stepSize: quantity(1),
  minQuantity: quantity(1),
  maxQuantity: quantity(900_000_000),
  minNotional: 1n,
  status: 'Trading',
};
const DAMAGE: WireRecordingError = {
  code: 'LINE_MALFORMED',
  file: 'test',
  line: 2,
  message: 'damaged',
  fatal: false,
};

/** A line received `seconds` after the beginning. */
function at(seconds: number): Result<WireLine, WireRecordingError> {
  const receivedNanos = BEGUN + BigInt(seconds) * SECOND;
  const raw = new Uint8Array([0]);
  return ok({ file: 'test', line: seconds, kind: 'Received', receivedNanos, raw });
}

let clock: ManualClock;
let client: ReplayClient<WireLine> | undefined;

beforeEach(() => {
  clock = new ManualClock(1_800_000_000_000_000);
});
afterEach(async () => {
  await client?.[Symbol.asyncDispose]();
});

/** Plays lines; `played` holds the seconds of those the decoder got. */
async function play(lines: readonly Result<WireLine, WireRecordingError>[], speed: number) {
  const played: (number | 'end')[] = [];
  const records = new MarketRecords(1);
  let health: ConnectionHealth | undefined;
  const source = new RecordedReplay({
    async *open() {
      yield* lines;
    },
    survey: async () => ({
      instruments: [INSTRUMENT],
      firstNanos: BEGUN,
      lastNanos: BEGUN + 100n * SECOND,
      messages: lines.length,
      problems: [],
    }),
    createDecoder: (_instruments, sink) => ({
      add(batch, nowNanos) {
        for (const { line, receivedNanos } of batch) {
          played.push(line);
          records.set(
            0,
            KIND_TRADE,
            FLAG_LAST,
            0,
            receivedNanos,
            nowNanos,
            100 + line,
            1,
            0,
            0,
            line,
          );
          sink.onRecords(records.bytes, 1);
        }
      },
      end() {
        played.push('end');
      },
    }),
  });
  const made = new ReplayClient({
    clock,
    speed,
    source,
    sink: {
      onRecords: () => undefined,
      onUnknownMessage: () => undefined,
      onHealth: (told) => {
        health = told;
      },
    },
  });
  client = made;
  await made.loadInstruments();
  made.subscribe([{ instrument: INSTRUMENT, index: 0 }]);
  const seen = (...wanted: (number | 'end')[]): Promise<void> =>
    until(`played ${wanted.join()}, was ${played.join()}`, () => played.join() === wanted.join());
  return { made, seen, played, health: () => health };
}

describe('ReplayClient', () => {
  test('lines come when their recorded time has passed on the clock', async () => {
    const { seen, made } = await play([at(0), at(10), at(20)], 1);
    await seen(0);
    clock.advance(10_000_000);
    await seen(0, 10);
    expect(made.state.at).toBe(1_700_000_010_000_000);
    clock.advance(10_000_000);
    await seen(0, 10, 20, 'end');
    expect(made.state.ended).toBe(true);
  });

  test('one that starts paused plays from its first line when it is set going', async () => {
    const { seen, made, played } = await play([at(0), at(10)], 0);
    clock.advance(60_000_000);
    made.setSpeed(1);
    await seen(0);
    clock.advance(9_000_000);
    expect(played).toEqual([0]);
    clock.advance(1_000_000);
    await seen(0, 10, 'end');
  });

  test('a pause keeps the place within a gap, and a change of pace keeps what has passed of it', async () => {
    const { seen, made, played } = await play([at(0), at(10), at(30)], 1);
    await seen(0);
    clock.advance(4_000_000);
    made.setSpeed(0);
    clock.advance(500_000_000);
    made.setSpeed(2);
    clock.advance(2_999_000);
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    expect(played).toEqual([0]);
    clock.advance(1000);
    await seen(0, 10);
    clock.advance(10_000_000);
    await seen(0, 10, 30, 'end');
  });

  test('a pace that is changed while behind skips nothing and goes on from the line that is due', async () => {
    const { seen, made, played } = await play([at(0), at(10), at(20)], 1);
    await seen(0);
    clock.advance(10_000_000);
    made.setSpeed(10);
    await seen(0, 10);
    clock.advance(1_000_000);
    await seen(0, 10, 20, 'end');
    expect(played).toEqual([0, 10, 20, 'end']);
  });

  test('damaged lines are passed over and counted', async () => {
    const { seen, health } = await play([at(0), err(DAMAGE), at(1)], 1000);
    await seen(0);
    clock.advance(1000);
    await seen(0, 1, 'end');
    await until('health', () => health() !== undefined);
    expect(health()?.parseErrors).toBe(1);
  });

  test('bars end before the time asked for, oldest first', async () => {
    const { seen, made } = await play([at(0), at(60), at(120)], 10_000);
    await seen(0);
    clock.advance(1_000_000);
    await seen(0, 60, 120, 'end');
    const openTime = 1_700_000_000_000_000 - (1_700_000_000_000_000 % 60_000_000);
    const endTime = unixMicros(openTime + 60_000_000);
    const bars = await made.loadBars(INSTRUMENT, '1m', { limit: 10, endTime });
    expect(bars.ok && bars.value.map((bar) => bar.openTime)).toEqual([openTime]);
  });
});
