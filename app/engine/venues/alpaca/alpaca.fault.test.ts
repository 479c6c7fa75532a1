import { openSpoken } from '../../market-data/testing/spoken-venue.int.ts';
import { KIND_BBO, KIND_TRADE } from '../../native/compute/market-record.ts';
import { describeFaultyMarketData } from '../../ports/contract/faulty-market-data.contract.ts';
import { alpacaSandbox } from './index.ts';

describeFaultyMarketData('the sandbox that speaks as Alpaca', () =>
  openSpoken(alpacaSandbox, {
    symbol: 'BTC',
    kinds: [KIND_TRADE, KIND_BBO],
    quotesNameUpdates: false,
    quotedLevels: 1,
  }),
);
