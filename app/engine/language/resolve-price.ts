import { err, ok, type Result } from '../base/result.ts';
import { decimalsOf, formatDecimal, parseDecimalBig } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../domain/market.ts';
import type { Side } from '../domain/order.ts';
import { price, quantity, type Price, type Quantity } from '../domain/price.ts';
import {
  languageError,
  type LanguageError,
  type LanguageErrorCode,
  type PriceTerm,
  type Word,
} from './statement.ts';

const MAX = BigInt(Number.MAX_SAFE_INTEGER);

function floorToStep(value: bigint, step: bigint): bigint {
  return value - (((value % step) + step) % step);
}

interface Grid {
  readonly scale: number;
  readonly step: number;
  readonly what: string;
  readonly code: LanguageErrorCode;
}

function neighbours(text: string, grid: Grid): string {
  const scale = Math.max(grid.scale, decimalsOf(text));
  const parsed = parseDecimalBig(text, scale);
  const exact = parsed.ok ? parsed.value : 0n;
  const below = floorToStep(exact / 10n ** BigInt(scale - grid.scale), BigInt(grid.step));
  const above = formatDecimal(below + BigInt(grid.step), grid.scale);
  return below > 0n ? `${formatDecimal(below, grid.scale)} or ${above}` : above;
}

function onGrid(text: string, word: Word, grid: Grid): Result<number, LanguageError> {
  const parsed = parseDecimalBig(text, grid.scale);
  if (parsed.ok && parsed.value > MAX) {
    const largest = formatDecimal(MAX, grid.scale);
    return err(languageError('OUT_OF_RANGE', word, `${grid.what} of at most ${largest}`));
  }
  if (parsed.ok && parsed.value % BigInt(grid.step) === 0n) return ok(Number(parsed.value));
  const step = formatDecimal(grid.step, grid.scale);
  const expected = `${grid.what} in steps of ${step}, e.g. ${neighbours(text, grid)}`;
  return err(languageError(grid.code, word, expected));
}

/** Decimal text as a price on the instrument's tick grid. */
export function priceOnTick(
  text: string,
  word: Word,
  instrument: Instrument,
): Result<Price, LanguageError> {
  const grid = {
    scale: instrument.priceScale,
    step: instrument.tickSize,
    what: 'a price',
    code: 'PRICE_OFF_TICK',
  } as const;
  const mantissa = onGrid(text, word, grid);
  return mantissa.ok ? ok(price(mantissa.value)) : mantissa;
}

/** Decimal text as a quantity on the instrument's step grid. */
export function quantityOnStep(
  text: string,
  word: Word,
  instrument: Instrument,
): Result<Quantity, LanguageError> {
  const grid = {
    scale: instrument.quantityScale,
    step: instrument.stepSize,
    what: 'a quantity',
    code: 'QUANTITY_OFF_STEP',
  } as const;
  const mantissa = onGrid(text, word, grid);
  return mantissa.ok ? ok(quantity(mantissa.value)) : mantissa;
}

/** Twice the reference price, so that the middle stays whole. */
function doubledReference(reference: 'bid' | 'ask' | 'mid', quote: Quote): bigint | undefined {
  const { bid, ask } = quote;
  if (reference === 'bid') return bid === undefined ? undefined : 2n * BigInt(bid);
  if (reference === 'ask') return ask === undefined ? undefined : 2n * BigInt(ask);
  return bid === undefined || ask === undefined ? undefined : BigInt(bid) + BigInt(ask);
}

type Pegged = Extract<PriceTerm, { readonly kind: 'Pegged' }>;

/** The pegged price as an exact fraction of the price's unit. */
function peggedFraction(
  { offset }: Pegged,
  doubled: bigint,
  instrument: Instrument,
): { readonly numerator: bigint; readonly denominator: bigint } {
  if (offset === undefined) return { numerator: doubled, denominator: 2n };
  const sign = offset.direction === '+' ? 1n : -1n;
  if (offset.unit === 'ticks') {
    const shift = sign * 2n * BigInt(offset.amount) * BigInt(instrument.tickSize);
    return { numerator: doubled + shift, denominator: 2n };
  }
  const decimals = decimalsOf(offset.amount);
  const percent = parseDecimalBig(offset.amount, decimals);
  const whole = 100n * 10n ** BigInt(decimals);
  const factor = whole + sign * (percent.ok ? percent.value : 0n);
  return { numerator: doubled * factor, denominator: 2n * whole };
}

/** A price beside the quote, rounded onto the tick grid so that it is never worse than written: down for a buy, up for a sell. */
export function peggedPrice(
  term: Pegged,
  side: Side,
  word: Word,
  instrument: Instrument,
  quote: Quote | undefined,
): Result<Price, LanguageError> {
  const doubled = quote === undefined ? undefined : doubledReference(term.reference, quote);
  if (doubled === undefined) {
    const expected = `a price (${instrument.id} has no ${term.reference} now)`;
    return err(languageError('QUOTE_MISSING', word, expected));
  }
  const { numerator, denominator } = peggedFraction(term, doubled, instrument);
  const step = BigInt(instrument.tickSize);
  const below = floorToStep(numerator, denominator * step) / denominator;
  const exact = below * denominator === numerator;
  const mantissa = side === 'Buy' || exact ? below : below + step;
  if (mantissa <= 0n || mantissa > MAX) {
    return err(languageError('OUT_OF_RANGE', word, 'an offset that leaves a price above 0'));
  }
  return ok(price(Number(mantissa)));
}
