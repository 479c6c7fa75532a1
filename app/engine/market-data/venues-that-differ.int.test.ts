import { expect, test } from 'vitest';
import { present } from '../base/invariant.ts';
import { KIND_DIFF_HEADER } from '../native/compute/market-record.ts';
import { MarketRecorder } from '../ports/contract/market-recorder.contract.ts';
import { until } from '../ports/contract/until.ts';
import { createBinanceSpot, sandboxConfig } from '../venues/binance/spot/index.ts';
import { krakenVenue } from '../venues/kraken/index.ts';
import { openSandboxMarket, openSpoken } from './testing/spoken-venue.int.ts';

const TICKS = 7;

test('a venue that differs is proved by its own checksums, and shows the exchange’s book apart', async () => {
  await using setup = await openSpoken(
    (http, ws) => krakenVenue('sandbox', { http: `${http}/kraken`, ws: `${ws}/kraken/v2` }),
    { symbol: 'BTC/USDT' },
    new Map([['KRAKEN', { delayMs: 150, offsetTicks: TICKS }]]),
  );
  const recorder = new MarketRecorder();
  await using client = setup.client(recorder);
  const loaded = await client.loadInstruments(['BTC/USDT']);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const instrument = present(loaded.value[0], 'BTC/USDT');
  client.subscribe([{ instrument, index: 0 }]);
  await until('the book is live', () => recorder.live);
  const { bids, asks } = await setup.stopMarket(instrument);
  const apart = (side: typeof bids) =>
    side.map(([price, quantity]) => [price + TICKS * instrument.tickSize, quantity] as const);
  await until('the book is the exchange’s, apart', () =>
    recorder.is({ bids: apart(bids), asks: apart(asks) }),
  );
  expect(recorder.health?.resyncs).toBe(0);
});

test('the traded venue may be late: its book joins snapshots that are ahead of its stream', async () => {
  await using setup = await openSandboxMarket(
    (http, ws, deps, sink) =>
      createBinanceSpot({ ...deps, config: sandboxConfig({ http, ws, wsApi: ws }) }).data(sink),
    { symbol: 'BTCUSDT' },
    new Map([['BINANCE', { delayMs: 500, offsetTicks: 0 }]]),
  );
  const recorder = new MarketRecorder();
  await using client = setup.client(recorder);
  const loaded = await client.loadInstruments(['BTCUSDT']);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const instrument = present(loaded.value[0], 'BTCUSDT');
  client.subscribe([{ instrument, index: 0 }]);
  const diffs = (): number => recorder.kinds.get(KIND_DIFF_HEADER) ?? 0;
  await until('ten changes', () => recorder.live && diffs() >= 10);
  const whole = await setup.stopMarket(instrument);
  await until('the book is the exchange’s', () => recorder.is(whole));
  expect(recorder.health?.resyncs).toBe(0);
});
