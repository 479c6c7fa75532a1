import { openSandboxMarket } from '../../../market-data/testing/spoken-venue.int.ts';
import {
  KIND_BBO,
  KIND_FUNDING_RATE,
  KIND_INDEX_PRICE,
  KIND_KLINE_PRICES,
  KIND_LIQUIDATION,
  KIND_MARK_PRICE,
  KIND_OPEN_INTEREST,
  KIND_TRADE,
} from '../../../native/compute/market-record.ts';
import { describeMarketData } from '../../../ports/contract/market-data.contract.ts';
import { createBinanceUsdm } from './index.ts';

const KINDS = [
  KIND_TRADE,
  KIND_BBO,
  KIND_KLINE_PRICES,
  KIND_MARK_PRICE,
  KIND_INDEX_PRICE,
  KIND_FUNDING_RATE,
  KIND_OPEN_INTEREST,
  KIND_LIQUIDATION,
];

describeMarketData('the sandbox that speaks as Binance USD-M', () =>
  openSandboxMarket(
    (http, ws, deps, sink) =>
      createBinanceUsdm(
        'sandbox',
        { http: `${http}/binance-usdm`, ws: `${ws}/binance-usdm` },
        deps,
      ).data(sink),
    { symbol: 'BTCUSDT', kinds: KINDS },
  ),
);
