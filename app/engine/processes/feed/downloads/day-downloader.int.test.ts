import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSandbox } from '../../../../sandbox/sandbox.ts';
import { systemClock } from '../../../../sandbox/system-clock.ts';
import { ok } from '../../../base/result.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { RATE_SCALE } from '../../../domain/market.ts';
import { price, quantity } from '../../../domain/price.ts';
import { until } from '../../../ports/contract/until.ts';
import { BarStore, MICROS_A_DAY } from '../../../store/ticks/bar-store.ts';
import { dayName } from '../../../store/ticks/tick-folders.ts';
import { createBinanceSpot, sandboxConfig } from '../../../venues/binance/spot/index.ts';
import { SystemTime } from '../../system-time.ts';
import { DownloadRig, OF, only, orderOf, TODAY } from './testing/download-rig.ts';

test('a day of the sandbox: its trades make the minutes that it tells', async () => {
  const sandbox = await createSandbox({ clock: systemClock(), seed: 11, port: 0, limits: 'open' });
  if (!sandbox.ok) throw new Error(sandbox.error.reason);
  const { url } = sandbox.value;
  const time = new SystemTime();
  using connector = createBinanceSpot({
    config: sandboxConfig({ http: url, ws: url, wsApi: url }),
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
  });
  await using client = connector.data({
    onRecords: () => undefined,
    onHealth: () => undefined,
    onUnknownMessage: () => undefined,
  });
  const listed = await client.loadInstruments(['BNBUSDT']);
  const [instrument] = listed.ok ? listed.value : [];
  if (instrument === undefined) throw new Error('BNBUSDT is not listed');
  await using store = new DownloadRig();
  const { folder } = store;
  const today = Math.floor(time.nowMicros() / MICROS_A_DAY);
  const downloads = store.open(client, () => instrument, today);
  const day = dayName(today - 2);
  for (const kind of ['bars', 'trades'] as const) {
    downloads.start(orderOf({ instrument: instrument.id, kind, from: day, to: day }));
    await until(`the ${kind} are there`, () => only(downloads).state === 'Done', 100_000);
  }
  const records = store.stored(instrument.id, 'trades', today - 2);
  if (records === undefined) throw new Error('no trades are stored');
  expect(records.capacity).toBe(only(downloads).rows);
  const bars = new BarStore(join(folder, 'ticks'), 'a test').readDay(instrument, today - 2, '1m');
  expect(bars).toHaveLength(1_440);
  let row = 0;
  for (const { openTime, open, high, low, close, volume } of bars ?? []) {
    const first = row;
    const end = BigInt(openTime + 60_000_000) * 1000n;
    while (row < records.capacity && records.tsEventNanos(row) < end) row += 1;
    const rows = Array.from({ length: row - first }, (_, at) => first + at);
    const prices = rows.map((at) => records.price(at));
    const sum = rows.reduce((total, at) => total + records.quantity(at), 0);
    expect([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1), sum]).toEqual([
      open,
      high,
      low,
      close,
      volume,
    ]);
  }
  expect(row).toBe(records.capacity);
  await downloads[Symbol.asyncDispose]();
  await sandbox.value.close();
}, 120_000);

test('minutes of a day and what was settled on it', async () => {
  await using store = new DownloadRig();
  const { folder } = store;
  const from = (TODAY - 1) * MICROS_A_DAY;
  const minutes = Array.from({ length: 1_440 }, (_, minute) => minute)
    // The venue has no bar of a minute without trades.
    .filter((minute) => minute % 7 !== 3)
    .map((minute) => ({
      openTime: from + minute * 60_000_000,
      open: price(100 + minute),
      high: price(200 + minute),
      low: price(50 + minute),
      close: price(101 + minute),
      volume: quantity(minute + 1),
      closed: true,
    }));
  const rates = [0, 8, 16].map((hour) => ({
    tsNanos: BigInt(from + hour * 3_600_000_000) * 1000n,
    rate: (hour - 8) * 10 ** (RATE_SCALE - 6),
  }));
  const downloads = store.open({
    loadBars: async (_, __, { endTime = 0, limit }) =>
      ok(minutes.filter(({ openTime }) => openTime < endTime).slice(-limit) as never),
    history: () => ({
      funding: {
        order: 'NewestFirst',
        page: async ({ after }) =>
          ok({
            rows: rates
              .toReversed()
              .filter(({ tsNanos }) => after === undefined || tsNanos < after.tsNanos)
              .slice(0, 2),
            last: after !== undefined,
          }),
      },
    }),
  });
  const day = dayName(TODAY - 1);
  for (const kind of ['bars', 'funding'] as const) {
    downloads.start(orderOf({ kind, from: day, to: day }));
    await until('it is done', () => only(downloads).state === 'Done');
  }
  const kept = new BarStore(join(folder, 'ticks'), 'a test').readDay(OF, TODAY - 1, '1m');
  expect(kept).toEqual(minutes);
  const funding = store.stored(OF.id, 'funding', TODAY - 1);
  expect(
    rates.map((_, row) => ({ tsNanos: funding?.tsEventNanos(row), rate: funding?.price(row) })),
  ).toEqual(rates);
  expect(only(downloads)).toMatchObject({ kind: 'funding', rows: 3 });
  await downloads[Symbol.asyncDispose]();
});
