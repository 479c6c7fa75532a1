import { expect, test } from 'vitest';
import { present } from '../../../base/invariant.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { venueId } from '../../../domain/identifiers.ts';
import { fixtureOf } from '../../../market-data/testing/recorded.ts';
import { KIND_OPEN_INTEREST, MarketRecords } from '../../../native/compute/market-record.ts';
import { ManualTime } from '../../../net/scheduler.ts';
import { parseContracts } from './contracts.ts';
import { BINANCE_USDM_LIVE, createBinanceUsdm } from './index.ts';
import { OPEN_INTEREST } from './open-interest.ts';

const CONTRACTS = fixtureOf('binance_py/http/http_futures_market_exchange_info.json');
const INTEREST = fixtureOf('binance_py/http/http_futures_market_open_interest.json');
const VENUE = venueId('BINANCE-USDM', 'live');

test.runIf(CONTRACTS !== undefined)('contracts: steps of the filters, a kind, the weight', () => {
  const read = parseContracts(CONTRACTS, VENUE);
  if (!read.ok) throw new Error(read.error.message);
  const { instruments, rejected, weightPerMinute } = read.value;
  expect([rejected, weightPerMinute]).toEqual([[], 6_000]);
  expect(instruments.map(({ id, derivative }) => [id, derivative])).toEqual([
    ['BTCUSDT.BINANCE-USDM', 'Perpetual'],
    ['ETHUSDT.BINANCE-USDM', 'Perpetual'],
    ['BTCUSDT_220325.BINANCE-USDM', 'Future'],
  ]);
  // The venue's pricePrecision is 2; the step is 0.10.
  expect(instruments[0]).toMatchObject({
    base: 'BTC',
    quote: 'USDT',
    priceScale: 1,
    tickSize: 1,
    quantityScale: 3,
    stepSize: 1,
    maxQuantity: 1_000_000,
    minNotional: 100_000n,
    status: 'Trading',
  });
});

test.runIf(CONTRACTS !== undefined)(
  'a contract of a kind nobody knows is named, not traded',
  () => {
    const listed = structuredClone(CONTRACTS) as { symbols: { contractType: string }[] };
    present(listed.symbols[0], 'a contract').contractType = 'SOMETHING_NEW';
    const read = parseContracts(listed, VENUE);
    expect(read.ok && read.value.instruments).toHaveLength(2);
    expect(read.ok && read.value.rejected).toMatchObject([{ symbol: 'BTCUSDT' }]);
  },
);

test.runIf(INTEREST !== undefined)('open interest keeps its own decimals', () => {
  const records = new MarketRecords(1);
  expect(OPEN_INTEREST.read(INTEREST, 9, 5n, records).ok).toBe(true);
  expect(records.kind(0)).toBe(KIND_OPEN_INTEREST);
  expect([records.instrument(0), records.quantity(0), records.quantity2(0)]).toEqual([
    9, 10_659_509, 3,
  ]);
  expect(records.tsEventNanos(0)).toBe(1_589_437_530_011_000_000n);
  expect(OPEN_INTEREST.read({ symbol: 'BTCUSDT' }, 9, 5n, records).ok).toBe(false);
});

test('each stream is asked for on the base path that has it', () => {
  const asked = new Map<string, string[]>();
  const opened: (() => void)[] = [];
  const time = new ManualTime();
  const connector = createBinanceUsdm('live', BINANCE_USDM_LIVE, {
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
    open: (url, _limits, events) => {
      opened.push(() => events.onOpen());
      return {
        send: (text) => asked.set(url, (JSON.parse(text) as { params: string[] }).params),
        ping: () => undefined,
        terminate: () => undefined,
      };
    },
    fetch: async () => new Response('{}', { status: 500 }),
  });
  const client = connector.data({
    onRecords: () => undefined,
    onHealth: () => undefined,
    onUnknownMessage: () => undefined,
  });
  const listed = parseContracts(
    {
      symbols: [
        {
          symbol: 'ETHUSDT',
          contractType: 'PERPETUAL',
          baseAsset: 'ETH',
          quoteAsset: 'USDT',
          status: 'TRADING',
          filters: [
            { filterType: 'PRICE_FILTER', tickSize: '0.01' },
            { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001', maxQty: '10' },
          ],
        },
      ],
    },
    VENUE,
  );
  if (!listed.ok) throw new Error(listed.error.message);
  client.subscribe([{ instrument: present(listed.value.instruments[0], 'one'), index: 0 }]);
  for (const open of opened) open();
  expect(Object.fromEntries(asked)).toEqual({
    'wss://fstream.binance.com/public/stream': ['ethusdt@bookTicker', 'ethusdt@depth@100ms'],
    'wss://fstream.binance.com/market/stream': [
      'ethusdt@aggTrade',
      'ethusdt@kline_1m',
      'ethusdt@markPrice@1s',
      'ethusdt@forceOrder',
    ],
  });
});
