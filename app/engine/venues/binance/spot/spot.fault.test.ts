import { openSandboxMarket } from '../../../market-data/testing/spoken-venue.int.ts';
import { describeFaultyMarketData } from '../../../ports/contract/faulty-market-data.contract.ts';
import { createBinanceSpot, sandboxConfig } from './index.ts';

describeFaultyMarketData('the sandbox through the Binance spot connector', () =>
  openSandboxMarket(
    (http, ws, deps, sink) =>
      createBinanceSpot({ ...deps, config: sandboxConfig({ http, ws, wsApi: ws }) }).data(sink),
    { symbol: 'BTCUSDT' },
  ),
);
