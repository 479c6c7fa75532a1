import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { okxVenue } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as OKX', () =>
  openSpoken(
    (http, ws) =>
      okxVenue('sandbox', {
        http: `${http}/okx`,
        ws: `${ws}/okx/ws/v5/public`,
        wsBusiness: `${ws}/okx/ws/v5/business`,
      }),
    { symbol: 'BTC-USDT' },
  ),
);
