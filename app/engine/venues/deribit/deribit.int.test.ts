import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { deribitVenue } from './index.ts';

const venueAt = (http: string, ws: string) =>
  deribitVenue('sandbox', { http: `${http}/deribit`, ws: `${ws}/deribit/ws/api/v2` });

describeMarketData('the sandbox that speaks as Deribit', () =>
  openSpoken(venueAt, {
    symbol: 'BTC_USDT',
    kinds: [KIND_TRADE, KIND_BBO],
    quotesNameUpdates: false,
  }),
);

describeMarketHistory(
  'the sandbox that speaks as Deribit',
  () =>
    openSpoken(venueAt, {
      symbol: 'BTC_USDT',
      kinds: [KIND_TRADE, KIND_BBO],
      quotesNameUpdates: false,
    }),
  { trades: true, funding: true, periods: 24 },
);

describeWatchedMarket('the sandbox that speaks as Deribit', () =>
  openInProcess(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    { symbol: 'BTC_USDT', staleAfterMs: 30_000 },
  ),
);
