import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { alpacaSandbox } from './index.ts';

const open = () =>
  openSpoken(alpacaSandbox, {
    symbol: 'BTC',
    // A bar comes when its minute is over.
    kinds: [KIND_TRADE, KIND_BBO],
    quotesNameUpdates: false,
    quotedLevels: 1,
  });

describeMarketData('the sandbox that speaks as Alpaca', open);

describeMarketHistory('the sandbox that speaks as Alpaca', open, {
  trades: true,
  funding: false,
  aggressors: false,
});

describeWatchedMarket('the sandbox that speaks as Alpaca', () =>
  openInProcess(
    (http, ws, deps, sink) =>
      new StreamDataClient({ ...deps, venue: alpacaSandbox(http, ws), sink }),
    { symbol: 'BTC', staleAfterMs: 30_000, quote: /"T":"q"/ },
  ),
);
