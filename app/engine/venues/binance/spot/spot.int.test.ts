import { expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../../sandbox/sandbox.ts';
import { systemClock } from '../../../../sandbox/system-clock.ts';
import { openRoute } from '../../../../sandbox/testing/route.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { present } from '../../../base/invariant.ts';
import { accountId } from '../../../domain/identifiers.ts';
import { parsePrice, price, quantity } from '../../../domain/price.ts';
import { openInProcess } from '../../../market-data/testing/venue-in-process.int.ts';
import { describeExecution } from '../../../ports/contract/execution.contract.ts';
import {
  describeMarketData,
  type MarketDataSetup,
} from '../../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../../ports/contract/watched-market.contract.ts';
import { SystemTime } from '../../../processes/system-time.ts';
import { createBinanceSpot, sandboxConfig, type BinanceSpot } from './index.ts';

async function startSandbox(): Promise<Sandbox> {
  const started = await createSandbox({
    clock: systemClock(),
    seed: 11,
    port: 0,
    limits: 'venue',
  });
  if (!started.ok) throw new Error(started.error.reason);
  return started.value;
}

async function setUp() {
  const sandbox = await startSandbox();
  const route = await openRoute(sandbox.port);
  const time = new SystemTime();
  const connector = createBinanceSpot({
    config: sandboxConfig({
      http: sandbox.url,
      ws: route.url,
      wsApi: `${route.url}/ws-api/v3`,
    }),
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
  });
  const close = async (): Promise<void> => {
    connector[Symbol.dispose]();
    route.close();
    await sandbox.close();
  };
  return { sandbox, connector, cut: route.cut, close };
}

async function loadInstruments(connector: BinanceSpot) {
  const sink = {
    onRecords: () => undefined,
    onHealth: () => undefined,
    onUnknownMessage: () => undefined,
  };
  await using data = connector.data(sink);
  const loaded = await data.loadInstruments();
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.value;
}

const openMarket = async (): Promise<MarketDataSetup> => {
  const { connector, cut, close } = await setUp();
  return {
    symbol: 'BTCUSDT',
    client: (sink) => connector.data(sink),
    dropConnections: cut,
    [Symbol.asyncDispose]: close,
  };
};

describeMarketData('the sandbox through the Binance spot connector', openMarket);

describeMarketHistory('the sandbox through the Binance spot connector', openMarket, {
  trades: true,
  // Whoever asks about a contract asks at another door.
  funding: false,
});

describeWatchedMarket('the sandbox through the Binance spot connector', () =>
  openInProcess(
    (http, ws, deps, sink) =>
      createBinanceSpot({ ...deps, config: sandboxConfig({ http, ws, wsApi: ws }) }).data(sink),
    { symbol: 'BTCUSDT', staleAfterMs: 5_000 },
  ),
);

describeExecution('the sandbox through the Binance spot connector', async () => {
  const { sandbox, connector, cut, close } = await setUp();
  const instruments = await loadInstruments(connector);
  const instrument = present(
    instruments.find((one) => one.symbol === 'BTCUSDT'),
    'BTCUSDT',
  );
  const { apiKey, secret } = present(sandbox.keys[0], 'a trading key');
  const account = accountId(connector.venue, 'main');
  return {
    account,
    instrument,
    client: connector.execution({
      account,
      credentials: { apiKey, secret },
      instruments,
      onUnknownMessage: (raw) => {
        throw new Error(`nobody understands ${raw}`);
      },
    }),
    quantity: quantity(10 ** instrument.quantityScale / 100),
    unaffordable: quantity(10 ** instrument.quantityScale * 100),
    prices: async () => {
      const answer = await fetch(`${sandbox.url}/api/v3/depth?symbol=BTCUSDT&limit=5`);
      const { bids } = (await answer.json()) as { bids: string[][] };
      const best = parsePrice(present(bids[0]?.[0], 'a best bid'), instrument.priceScale);
      if (!best.ok) throw new Error(best.error.code);
      const onTick = (factor: number) =>
        price(Math.floor((best.value * factor) / instrument.tickSize) * instrument.tickSize);
      return { passiveBid: onTick(0.97), crossingBid: onTick(1.02) };
    },
    dropConnections: cut,
    [Symbol.asyncDispose]: close,
  };
});

test('a key that trades is taken, one that may withdraw is refused, the clock is measured', async () => {
  const { sandbox, connector, close } = await setUp();
  const offset = await connector.measureClock();
  expect(offset.ok && Math.abs(offset.value)).toBeLessThan(5_000_000);
  const verdicts = [];
  for (const { apiKey, secret } of sandbox.keys) {
    const read = await connector.readPermissions({ apiKey, secret });
    verdicts.push(read.ok ? read.value.canTradeSpot : read.error.code);
  }
  expect(verdicts).toEqual([true, false, 'KEY_CAN_WITHDRAW']);
  const key = present(sandbox.keys[0], 'a trading key');
  const wrong = await connector.readPermissions({ apiKey: key.apiKey, secret: 'wrong' });
  expect(wrong.ok ? '' : wrong.error.code).toBe('SIGNATURE_INVALID');
  await close();
});
