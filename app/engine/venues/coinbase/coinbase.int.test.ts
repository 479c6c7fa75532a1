import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { coinbaseVenue } from './index.ts';

const venueAt = (http: string, ws: string) =>
  coinbaseVenue('sandbox', { http: `${http}/coinbase`, ws: `${ws}/coinbase/` });

describeMarketData('the sandbox that speaks as Coinbase', () =>
  openSpoken(venueAt, {
    symbol: 'BTC-USDT',
    kinds: [KIND_TRADE, KIND_BBO],
    quotesNameUpdates: false,
  }),
);

describeMarketHistory(
  'the sandbox that speaks as Coinbase',
  () =>
    openSpoken(venueAt, {
      symbol: 'BTC-USDT',
      kinds: [KIND_TRADE, KIND_BBO],
      quotesNameUpdates: false,
    }),
  { trades: false, funding: false },
);

describeWatchedMarket('the sandbox that speaks as Coinbase', () =>
  openInProcess(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    { symbol: 'BTC-USDT', staleAfterMs: 10_000 },
  ),
);
