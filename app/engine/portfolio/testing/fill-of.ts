import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  TradeId,
  VenueOrderId,
} from '../../domain/identifiers.ts';
import type { Fill, Side } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';

/** What a test says of a fill; the fee is none unless told. */
export interface FillWords {
  readonly tradeId: string;
  readonly side: Side;
  readonly px: number;
  readonly size: number;
  readonly fee?: { readonly asset: string; readonly amount: bigint; readonly scale: number };
}

/** A fill of BTCUSDT for tests. */
export function fillOf({ tradeId, side, px, size, fee }: FillWords): Fill {
  return {
    tradeId: tradeId as TradeId,
    clientOrderId: 'q1-1' as ClientOrderId,
    venueOrderId: '7' as VenueOrderId,
    instrument: 'BTCUSDT.BINANCE@sandbox' as InstrumentId,
    account: 'BINANCE@sandbox/main' as AccountId,
    side,
    lastPx: price(px),
    lastQty: quantity(size),
    liquidity: 'Taker',
    fee: fee?.amount ?? 0n,
    feeScale: fee?.scale ?? 8,
    feeAsset: fee?.asset ?? 'USDT',
    venueTime: unixMicros(1),
    receivedAt: unixMicros(2),
  };
}
