import { MatchingLevels } from '../../engine/native/compute/matching.ts';
import { ASSET_SCALE } from './account.ts';
import type { Market } from './market.ts';
import type { OrderRequest } from './order.ts';

const LEVELS = 1000;
// A triggered market order has no price to set money aside at; this share on top of the trigger price covers ordinary slippage.
const TRIGGER_CUSHION_PERCENT = 5n;

/** What an order must set aside before it is taken, at the asset scale. */
export interface Funds {
  readonly asset: string;
  readonly amount: bigint;
}

/** The funds of an order: a limit order its worst case, a market order what the book asks now. */
export function fundsFor(market: Market, request: OrderRequest): Funds {
  const { listing } = market;
  const toBase = (steps: number): bigint =>
    BigInt(steps) * 10n ** BigInt(ASSET_SCALE - listing.quantityScale);
  const toQuote = (value: bigint): bigint =>
    value * 10n ** BigInt(ASSET_SCALE - listing.priceScale - listing.quantityScale);

  if (request.side === 'Sell') {
    const quantity = request.quantity ?? quantityWorth(market, request.quoteQuantity ?? 0n);
    return { asset: listing.base, amount: toBase(quantity) };
  }
  const asset = listing.quote;
  if (request.quoteQuantity !== undefined) return { asset, amount: toQuote(request.quoteQuantity) };
  const quantity = request.quantity ?? 0;
  if (request.price !== undefined) {
    return { asset, amount: toQuote(BigInt(request.price) * BigInt(quantity)) };
  }
  if (request.stopPrice !== undefined) {
    const atStop = BigInt(request.stopPrice) * BigInt(quantity);
    return { asset, amount: toQuote(atStop + (atStop * TRIGGER_CUSHION_PERCENT) / 100n) };
  }
  return { asset, amount: toQuote(costOf(market, quantity)) };
}

function costOf(market: Market, quantity: number): bigint {
  const asks = market.engine.top('Sell', new MatchingLevels(LEVELS));
  let left = quantity;
  let cost = 0n;
  for (let index = 0; index < asks.count && left > 0; index += 1) {
    const taken = Math.min(left, asks.total(index));
    cost += BigInt(taken) * BigInt(asks.price(index));
    left -= taken;
  }
  return cost;
}

function quantityWorth(market: Market, quote: bigint): number {
  const bids = market.engine.top('Buy', new MatchingLevels(LEVELS));
  let left = quote;
  let quantity = 0;
  for (let index = 0; index < bids.count && left > 0n; index += 1) {
    const wanted = Number(left / BigInt(bids.price(index)));
    const taken = Math.min(wanted, bids.total(index));
    if (taken === 0) break;
    quantity += taken;
    left -= BigInt(taken) * BigInt(bids.price(index));
  }
  return quantity;
}
