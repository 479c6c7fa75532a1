import { expect, test } from 'vitest';
import type {
  AssetCode,
  ClientOrderId,
  TradeId,
  VenueOrderId,
} from '../../../domain/identifiers.ts';
import { price, quantity } from '../../../domain/price.ts';
import type { OrderFilled } from '../../../domain/venue-report.ts';
import { ReportLedger } from './report-ledger.ts';
import { testOrder } from './testdata/orders.ts';

function fillOf(clientOrderId: string): OrderFilled {
  const { account, instrument, decidedAt } = testOrder();
  return {
    type: 'OrderFilled',
    account,
    instrument,
    clientOrderId: clientOrderId as ClientOrderId,
    venueOrderId: `v-${clientOrderId}` as VenueOrderId,
    tradeId: '7' as TradeId,
    lastPx: price(6_400_000),
    lastQty: quantity(10),
    liquidity: 'Taker',
    fee: 0n,
    feeScale: 8,
    feeAsset: 'USDT' as AssetCode,
    venueTime: decidedAt,
  };
}

test('a trade of the account with itself is two fills of one id, each told once', () => {
  const ledger = new ReportLedger();
  const told = ['buy', 'sell', 'buy', 'sell'].map((id) => ledger.isNews(fillOf(id)));
  expect(told).toEqual([true, true, false, false]);
});
