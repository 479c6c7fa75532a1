import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { krakenVenue } from './index.ts';

const venueAt = (http: string, ws: string) =>
  krakenVenue('sandbox', { http: `${http}/kraken`, ws: `${ws}/kraken/v2` });

describeMarketData('the sandbox that speaks as Kraken', () =>
  openSpoken(venueAt, { symbol: 'BTC/USDT', quotesNameUpdates: false }),
);

describeMarketHistory(
  'the sandbox that speaks as Kraken',
  () => openSpoken(venueAt, { symbol: 'BTC/USDT', quotesNameUpdates: false }),
  { trades: true, funding: false },
);

describeWatchedMarket('the sandbox that speaks as Kraken', () =>
  openInProcess(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    { symbol: 'BTC/USDT', staleAfterMs: 10_000, checksummed: true },
  ),
);
