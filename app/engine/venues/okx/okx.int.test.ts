import { StreamDataClient } from '../../market-data/stream-client.ts';
import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { openInProcess } from '../../market-data/testing/venue-in-process.int.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { describeMarketHistory } from '../../ports/contract/market-history.contract.ts';
import { describeWatchedMarket } from '../../ports/contract/watched-market.contract.ts';
import { okxVenue } from './index.ts';

const venueAt = (http: string, ws: string) =>
  okxVenue('sandbox', {
    http: `${http}/okx`,
    ws: `${ws}/okx/ws/v5/public`,
    wsBusiness: `${ws}/okx/ws/v5/business`,
  });

describeMarketData('the sandbox that speaks as OKX', () =>
  openSpoken(venueAt, { symbol: 'BTC-USDT' }),
);

describeMarketHistory(
  'the sandbox that speaks as OKX',
  () => openSpoken(venueAt, { symbol: 'BTC-USDT' }),
  { trades: true, funding: true },
);

describeWatchedMarket('the sandbox that speaks as OKX', () =>
  openInProcess(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    { symbol: 'BTC-USDT', staleAfterMs: 10_000 },
  ),
);
