import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { bybitVenue } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Bybit', () =>
  openSpoken(
    (http, ws) =>
      bybitVenue('sandbox', { http: `${http}/bybit`, ws: `${ws}/bybit/v5/public` }, 'spot'),
    { symbol: 'BTCUSDT', quotesNameUpdates: false },
  ),
);
