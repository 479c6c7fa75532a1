import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { krakenVenue } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Kraken', () =>
  openSpoken(
    (http, ws) => krakenVenue('sandbox', { http: `${http}/kraken`, ws: `${ws}/kraken/v2` }),
    { symbol: 'BTC/USDT', quotesNameUpdates: false, provedLevels: 10 },
  ),
);
