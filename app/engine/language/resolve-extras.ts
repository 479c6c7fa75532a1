import { err, ok, type Result } from '../base/result.ts';
import { exitSide, liesBeyond, type BracketLeg } from '../domain/bracket.ts';
import { formatDecimal } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../domain/market.ts';
import type { Bracket, OrderTerms } from '../domain/order.ts';
import type { Price, Quantity } from '../domain/price.ts';
import { priceOnTick, quantityOnStep } from './resolve-price.ts';
import {
  languageError,
  type LanguageError,
  type OrderStatement,
  type Parsed,
  type Word,
} from './statement.ts';

type Resolved<T> = Result<T, LanguageError>;

/** The displayed part of an order: on the step, what the venue takes, less than the whole. */
export function resolveShow(
  text: string,
  word: Word,
  whole: Quantity,
  instrument: Instrument,
): Resolved<Quantity> {
  const { maxDisplayParts, minQuantity, quantityScale } = instrument;
  if (maxDisplayParts === undefined) {
    const expected = `no show= (the venue of ${instrument.id} takes no displayed quantity)`;
    return err(languageError('NOT_SUPPORTED', word, expected));
  }
  const shown = quantityOnStep(text, word, instrument);
  if (!shown.ok) return shown;
  const decimal = (mantissa: number): string => formatDecimal(mantissa, quantityScale);
  if (shown.value >= whole || shown.value < minQuantity) {
    const expected = `show= of at least ${decimal(minQuantity)} and less than the quantity ${decimal(whole)}`;
    return err(languageError('OUT_OF_RANGE', word, expected));
  }
  if (Math.ceil(whole / shown.value) > maxDisplayParts) {
    const expected = `show= that makes at most ${maxDisplayParts} parts of ${decimal(whole)}`;
    return err(languageError('OUT_OF_RANGE', word, expected));
  }
  return shown;
}

const LEGS = [
  ['tp', 'takeProfit'],
  ['sl', 'stopLoss'],
] as const;

/** The exits of an order: on the tick, each on its own side of the entry's price (of the touch when it has none). */
export function resolveBracket(
  order: OrderStatement,
  entry: Pick<OrderTerms, 'side' | 'price' | 'stopPrice'>,
  places: Parsed['places'],
  instrument: Instrument,
  quote: () => Quote | undefined,
): Resolved<Bracket | undefined> {
  const bracket: { -readonly [Leg in BracketLeg]?: Price } = {};
  for (const [part, leg] of LEGS) {
    const text = order[leg];
    const word = places[part];
    if (text === undefined || word === undefined) continue;
    if (bracket.takeProfit !== undefined && instrument.orderLists !== true) {
      const expected = `one of tp= and sl= (the venue of ${instrument.id} takes no order lists)`;
      return err(languageError('NOT_SUPPORTED', word, expected));
    }
    const exit = priceOnTick(text, word, instrument);
    if (!exit.ok) return exit;
    const touch = entry.side === 'Buy' ? quote()?.ask : quote()?.bid;
    const at = entry.price ?? entry.stopPrice ?? touch;
    if (at === undefined) {
      const expected = `a price with ${part}= (${instrument.id} has no ${entry.side === 'Buy' ? 'ask' : 'bid'} now)`;
      return err(languageError('QUOTE_MISSING', word, expected));
    }
    if (!liesBeyond(entry.side, leg, exit.value, at)) {
      const where = exitSide(entry.side, leg);
      const expected = `${part}= ${where} the entry at ${formatDecimal(at, instrument.priceScale)}`;
      return err(languageError('EXIT_ON_WRONG_SIDE', word, expected));
    }
    bracket[leg] = exit.value;
  }
  return ok(Object.keys(bracket).length === 0 ? undefined : bracket);
}
