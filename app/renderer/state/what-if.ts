import { divideHalfEven } from '../../engine/domain/decimal.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { price, type Price } from '../../engine/domain/price.ts';
import type { QuoteMessage } from '../client/feed-client.ts';

/** Decimals that a percentage of a what-if may have. */
export const MOVE_SCALE = 4;
/** A price as it is, in the units of a move. */
const WHOLE = 100n * 10n ** BigInt(MOVE_SCALE);
const LEAST = -Number(WHOLE);
const MOST = 10 * Number(WHOLE);

/** A move of prices that is only supposed. */
export interface WhatIf {
  /** Percent at a scale of 4: 25000 is +2.5 %. */
  readonly move: number;
  /** Whose prices move; those of every instrument where it is not said. */
  readonly instrument: InstrumentId | undefined;
}

/** True for a move that leaves prices above nothing and at most eleven times what they are. */
export function isMove(move: number): boolean {
  return move > LEAST && move <= MOST;
}

/** A price moved by a percentage and rounded to the tick, half to even; undefined where it is too large for a price. */
export function movedPrice(from: Price, move: number, { tickSize }: Instrument): Price | undefined {
  const tick = BigInt(tickSize);
  const moved = divideHalfEven(BigInt(from) * (WHOLE + BigInt(move)), WHOLE * tick) * tick;
  return moved > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : price(Number(moved));
}

/** The quote as it would be: what a position is worth by it is counted as by a real one. */
export function supposedQuote(
  quote: QuoteMessage | undefined,
  instrument: Instrument,
  { move, instrument: only }: WhatIf,
): QuoteMessage | undefined {
  if (quote === undefined || (only !== undefined && only !== instrument.id)) return quote;
  const { bid, ask, last, ...rest } = quote;
  const moved = (from: Price | undefined): Price | undefined =>
    from === undefined ? undefined : movedPrice(from, move, instrument);
  const [toBid, toAsk, toLast] = [moved(bid), moved(ask), moved(last)];
  return {
    ...rest,
    ...(toBid !== undefined && { bid: toBid }),
    ...(toAsk !== undefined && { ask: toAsk }),
    ...(toLast !== undefined && { last: toLast }),
  };
}
