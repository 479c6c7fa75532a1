import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { coinbaseVenue } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Coinbase', () =>
  openSpoken(
    (http, ws) => coinbaseVenue('sandbox', { http: `${http}/coinbase`, ws: `${ws}/coinbase/` }),
    { symbol: 'BTC-USDT', kinds: [KIND_TRADE, KIND_BBO], quotesNameUpdates: false },
  ),
);
