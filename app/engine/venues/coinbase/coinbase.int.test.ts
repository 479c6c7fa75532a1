import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeMarketData } from '../../ports/contract/market-data.contract.ts';
import { coinbaseVenue } from './index.ts';

describeMarketData('the sandbox that speaks as Coinbase', () =>
  openSpoken(
    (http, ws) => coinbaseVenue('sandbox', { http: `${http}/coinbase`, ws: `${ws}/coinbase/` }),
    { symbol: 'BTC-USDT', kinds: [KIND_TRADE, KIND_BBO], quotesNameUpdates: false },
  ),
);
