import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { krakenVenue } from './index.ts';

describeMarketData('the sandbox that speaks as Kraken', () =>
  openSpoken(
    (http, ws) => krakenVenue('sandbox', { http: `${http}/kraken`, ws: `${ws}/kraken/v2` }),
    { symbol: 'BTC/USDT', quotesNameUpdates: false },
  ),
);
