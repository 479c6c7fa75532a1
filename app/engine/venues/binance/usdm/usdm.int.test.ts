import { openInProcess } from '../../../market-data/testing/venue-in-process.int.ts';
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
import { describeMarketHistory } from '../../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../../ports/contract/watched-market.contract.ts';
import type { MarketDataSink } from '../../../ports/market-data-client.ts';
import type { ConnectorDeps } from '../connection.ts';
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

const clientAt = (http: string, ws: string, deps: ConnectorDeps, sink: MarketDataSink) =>
  createBinanceUsdm(
    'sandbox',
    { http: `${http}/binance-usdm`, ws: `${ws}/binance-usdm` },
    deps,
  ).data(sink);

describeMarketData('the sandbox that speaks as Binance USD-M', () =>
  openSandboxMarket(clientAt, { symbol: 'BTCUSDT', kinds: KINDS }),
);

describeMarketHistory(
  'the sandbox that speaks as Binance USD-M',
  () => openSandboxMarket(clientAt, { symbol: 'BTCUSDT' }),
  { trades: true, funding: true },
);

describeWatchedMarket('the sandbox that speaks as Binance USD-M', () =>
  openInProcess(clientAt, { symbol: 'BTCUSDT', staleAfterMs: 5_000 }),
);
