import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { deribitVenue } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Deribit', () =>
  openSpoken(
    (http, ws) =>
      deribitVenue('sandbox', { http: `${http}/deribit`, ws: `${ws}/deribit/ws/api/v2` }),
    { symbol: 'BTC_USDT', kinds: [KIND_TRADE, KIND_BBO], quotesNameUpdates: false },
  ),
);
