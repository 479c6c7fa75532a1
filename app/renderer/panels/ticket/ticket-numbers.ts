import { exitSide, liesBeyond, type BracketLeg } from '../../../engine/domain/bracket.ts';
import { err, ok, type Result } from '../../../engine/base/result.ts';
import {
  decimalsOf,
  formatDecimal,
  parseDecimalBig,
  type DecimalError,
} from '../../../engine/domain/decimal.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { Side } from '../../../engine/domain/order.ts';
import {
  parsePrice,
  parseQuantity,
  price,
  quantity,
  type Price,
  type Quantity,
} from '../../../engine/domain/price.ts';
import { plainNumber } from '../../format/number-form.ts';
import type { ExitUnit } from '../../state/ticket-preferences.ts';

/** The fields that can be wrong. */
export type DraftField =
  'quantity' | 'price' | 'stopPrice' | 'display' | 'takeProfit' | 'stopLoss' | 'tag';

/** A field that is not an order yet: which, and what it would accept. */
export interface DraftError {
  readonly field: DraftField;
  readonly message: string;
}

/** What a quantity is typed in: the asset traded, or what is paid with. */
export type QuantityUnit = 'base' | 'quote';

const MOST_MANTISSA = BigInt(Number.MAX_SAFE_INTEGER);
/** Longest number that is looked at. */
const LONGEST = 30;

/** Numbers are typed in the form in which they are shown; what is none stays as it was typed. */
export function plain(text: string): string {
  const typed = text.trim().slice(0, LONGEST);
  return plainNumber(typed) ?? typed;
}

/** A decimal without the zeros at its end. */
export function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** Why a text is no number of a field, with the text. */
export function words({ code, text }: DecimalError, step: string): string {
  if (text === '') return 'Enter a number';
  if (code === 'DECIMAL_OFF_SCALE') return `Steps are ${trim(step)}, was ${text}`;
  return code === 'DECIMAL_OVERFLOW' ? `Too large: ${text}` : `Not a number: ${text}`;
}

/** A quantity of the base asset on the step and within what the venue takes. */
export function baseQuantity(
  text: string,
  field: 'quantity' | 'display',
  instrument: Instrument,
): Result<Quantity, DraftError> {
  const { stepSize, quantityScale } = instrument;
  const step = formatDecimal(stepSize, quantityScale);
  const parsed = parseQuantity(plain(text), quantityScale);
  if (!parsed.ok) return err({ field, message: words(parsed.error, step) });
  if (parsed.value === 0) return err({ field, message: 'Enter a quantity' });
  if (parsed.value % stepSize !== 0) {
    return err({ field, message: `Quantity goes in steps of ${trim(step)}, was ${plain(text)}` });
  }
  return enough(parsed.value, field, instrument);
}

/** The largest quantity on the step that an amount of the quote asset buys or sells at `at`. */
export function quantityWorth(
  text: string,
  at: Price | undefined,
  instrument: Instrument,
): Result<Quantity, DraftError> {
  const field = 'quantity';
  const { quote, quoteScale, stepSize } = instrument;
  const scale = Math.max(notionalScale(instrument), quoteScale);
  const amount = parseDecimalBig(plain(text), scale);
  if (!amount.ok) return err({ field, message: words(amount.error, formatDecimal(1, scale)) });
  if (amount.value <= 0n) return err({ field, message: `Enter an amount of ${quote}` });
  if (at === undefined || at <= 0)
    return err({ field, message: `No price to convert ${quote} at` });
  const exact = amount.value / (BigInt(at) * 10n ** BigInt(scale - notionalScale(instrument)));
  const stepped = exact - (exact % BigInt(stepSize));
  if (stepped > MOST_MANTISSA) return err({ field, message: `Too large: ${plain(text)}` });
  return enough(quantity(Number(stepped)), field, instrument);
}

function enough(
  value: Quantity,
  field: 'quantity' | 'display',
  { minQuantity, quantityScale, base }: Instrument,
): Result<Quantity, DraftError> {
  if (value >= minQuantity) return ok(value);
  const [least, seen] = [minQuantity, value].map((one) => trim(formatDecimal(one, quantityScale)));
  return err({ field, message: `The venue takes ${least} ${base} or more, was ${seen}` });
}

/** A price on the tick. */
export function tickPrice(
  text: string,
  field: DraftField,
  instrument: Instrument,
): Result<Price, DraftError> {
  const tick = formatDecimal(instrument.tickSize, instrument.priceScale);
  const parsed = parsePrice(plain(text), instrument.priceScale);
  if (!parsed.ok) return err({ field, message: words(parsed.error, tick) });
  if (parsed.value % instrument.tickSize === 0) return parsed;
  return err({ field, message: `Price goes in ticks of ${trim(tick)}, was ${plain(text)}` });
}

const LEG_WORDS: Readonly<Record<BracketLeg, string>> = { takeProfit: 'Target', stopLoss: 'Stop' };

/** An exit as typed: a price, or a distance from the entry at `at`, rounded onto the tick away from it. */
export function exitPrice(
  text: string,
  unit: ExitUnit,
  leg: BracketLeg,
  side: Side,
  at: Price | undefined,
  instrument: Instrument,
): Result<Price, DraftError> {
  const typed = unit === 'price' ? tickPrice(text, leg, instrument) : undefined;
  if (typed?.ok === false) return typed;
  if (at === undefined) return err({ field: leg, message: 'No entry price to set exits by' });
  const exit =
    typed ?? exitAt(text, unit === 'ticks' ? 'ticks' : 'percent', leg, side, at, instrument);
  if (!exit.ok) return exit;
  if (exit.value > 0 && liesBeyond(side, leg, exit.value, at)) return exit;
  const [seen, entry] = [exit.value, at].map((one) => formatDecimal(one, instrument.priceScale));
  const where = exitSide(side, leg);
  const message = `${LEG_WORDS[leg]} lies ${where} the entry at ${entry}, was ${seen}`;
  return err({ field: leg, message });
}

function exitAt(
  text: string,
  unit: 'ticks' | 'percent',
  leg: BracketLeg,
  side: Side,
  at: Price,
  { tickSize }: Instrument,
): Result<Price, DraftError> {
  const scale = unit === 'ticks' ? 0 : decimalsOf(plain(text));
  const parsed = parseDecimalBig(plain(text), scale);
  if (!parsed.ok) {
    return err({ field: leg, message: words(parsed.error, unit === 'ticks' ? '1 tick' : '0.01') });
  }
  const tick = BigInt(tickSize);
  const hundredth = 100n * 10n ** BigInt(scale) * tick;
  const ticks =
    unit === 'ticks' ? parsed.value : (BigInt(at) * parsed.value + hundredth - 1n) / hundredth;
  const exact =
    exitSide(side, leg) === 'above' ? BigInt(at) + ticks * tick : BigInt(at) - ticks * tick;
  if (exact > MOST_MANTISSA || exact < -MOST_MANTISSA) {
    return err({ field: leg, message: `Too large: ${plain(text)}` });
  }
  return ok(price(Number(exact)));
}
