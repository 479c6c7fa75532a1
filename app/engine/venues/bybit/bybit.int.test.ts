import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { bybitVenue } from './index.ts';

const venueAt = (http: string, ws: string) =>
  bybitVenue('sandbox', { http: `${http}/bybit`, ws: `${ws}/bybit/v5/public` }, 'spot');

describeMarketData('the sandbox that speaks as Bybit', () =>
  openSpoken(venueAt, { symbol: 'BTCUSDT', quotesNameUpdates: false }),
);

describeMarketHistory(
  'the sandbox that speaks as Bybit',
  () => openSpoken(venueAt, { symbol: 'BTCUSDT', quotesNameUpdates: false }),
  { trades: false, funding: true },
);

describeWatchedMarket('the sandbox that speaks as Bybit', () =>
  openInProcess(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    { symbol: 'BTCUSDT', staleAfterMs: 10_000 },
  ),
);
