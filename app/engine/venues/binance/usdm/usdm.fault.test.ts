import { openSandboxMarket } from '../../../market-data/testing/spoken-venue.int.ts';
import { describeFaultyMarketData } from '../../../ports/contract/faulty-market-data.contract.ts';
import { createBinanceUsdm } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Binance USD-M', () =>
  openSandboxMarket(
    (http, ws, deps, sink) =>
      createBinanceUsdm(
        'sandbox',
        { http: `${http}/binance-usdm`, ws: `${ws}/binance-usdm` },
        deps,
      ).data(sink),
    { symbol: 'BTCUSDT' },
  ),
);
