import type { RiskLimits } from '../../domain/account.ts';
import {
  accountId,
  instrumentId,
  venueId,
  type AssetCode,
  type ClientId,
} from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { price, quantity } from '../../domain/price.ts';

const VENUE = venueId('BINANCE', 'sandbox');

/** Names that risk tests share. */
export const ACCOUNT = accountId(VENUE, 'main');
export const BTC = instrumentId('BTCUSDT', VENUE);
export const CLIENT = 'desk-1' as ClientId;

/** BTCUSDT with every filter tight enough to meet. */
export const INSTRUMENT: Instrument = {
  id: BTC,
  venue: VENUE,
  symbol: 'BTCUSDT',
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 5,
  tickSize: price(2),
  minPrice: price(2),
  maxPrice: price(1_000_000),
  stepSize: quantity(10),
  minQuantity: quantity(20),
  maxQuantity: quantity(900_000),
  minNotional: 50_000_000n,
  status: 'Trading',
};

/** Limits wide enough not to matter. */
export const LIMITS: RiskLimits = {
  maxOrderNotional: 1_000_000n,
  maxPositionNotional: 1_000_000n,
  maxOpenOrders: 100,
  maxOrdersPerWindow: 100,
  orderRateWindowMicros: 1_000_000,
  priceCollarBps: 1_000_000,
  maxDistanceBps: 0,
  staleAfterMicros: 1_000_000_000,
  duplicateWindowMicros: 0,
};
