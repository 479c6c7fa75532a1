import { err, ok, type Result } from '../../../engine/base/result.ts';
import { formatDecimal, type DecimalError } from '../../../engine/domain/decimal.ts';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms, OrderType, Side, TimeInForce } from '../../../engine/domain/order.ts';
import {
  parsePrice,
  parseQuantity,
  price,
  type Price,
  type Quantity,
} from '../../../engine/domain/price.ts';

/** What stands in the fields of the ticket, as typed. */
export interface TicketDraft {
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
}

/** A field that is not an order yet: which, and what it would accept. */
export interface DraftError {
  readonly field: 'quantity' | 'price' | 'stopPrice';
  readonly message: string;
}

/** True when orders of a type have a limit price. */
export function hasPrice(type: OrderType): boolean {
  return type === 'Limit' || type === 'StopLimit';
}

/** True when orders of a type wait for a trigger. */
export function hasStop(type: OrderType): boolean {
  return type === 'Stop' || type === 'StopLimit';
}

/** The order that a draft asks for, on the instrument's grids. */
export function termsOf(
  draft: TicketDraft,
  instrument: Instrument,
  account: AccountId,
): Result<OrderTerms, DraftError> {
  const quantity = quantityOf(draft.quantity, instrument);
  if (!quantity.ok) return quantity;
  const limit = hasPrice(draft.type) ? priceOf(draft.price, 'price', instrument) : undefined;
  if (limit?.ok === false) return limit;
  const stop = hasStop(draft.type) ? priceOf(draft.stopPrice, 'stopPrice', instrument) : undefined;
  if (stop?.ok === false) return stop;
  return ok({
    instrument: instrument.id,
    account,
    side: draft.side,
    type: draft.type,
    quantity: quantity.value,
    ...(limit === undefined ? {} : { price: limit.value }),
    ...(stop === undefined ? {} : { stopPrice: stop.value }),
    timeInForce: draft.timeInForce,
    postOnly: draft.postOnly && draft.type === 'Limit',
    reduceOnly: draft.reduceOnly,
  });
}

function quantityOf(text: string, instrument: Instrument): Result<Quantity, DraftError> {
  const step = formatDecimal(instrument.stepSize, instrument.quantityScale);
  const parsed = parseQuantity(plain(text), instrument.quantityScale);
  if (!parsed.ok) return err({ field: 'quantity', message: words(parsed.error, step) });
  if (parsed.value === 0) return err({ field: 'quantity', message: 'Enter a quantity' });
  if (parsed.value % instrument.stepSize !== 0) {
    return err({ field: 'quantity', message: `Quantity goes in steps of ${trim(step)}` });
  }
  if (parsed.value < instrument.minQuantity) {
    const least = trim(formatDecimal(instrument.minQuantity, instrument.quantityScale));
    return err({ field: 'quantity', message: `The venue takes ${least} or more` });
  }
  return parsed;
}

function priceOf(
  text: string,
  field: 'price' | 'stopPrice',
  instrument: Instrument,
): Result<Price, DraftError> {
  const tick = formatDecimal(instrument.tickSize, instrument.priceScale);
  const parsed = parsePrice(plain(text), instrument.priceScale);
  if (!parsed.ok) return err({ field, message: words(parsed.error, tick) });
  if (parsed.value % instrument.tickSize !== 0) {
    return err({ field, message: `Price goes in ticks of ${trim(tick)}` });
  }
  return parsed;
}

/** A field's price moved by `ticks`; the text as it is when it is no price. */
export function nudged(text: string, ticks: number, instrument: Instrument): Price | undefined {
  const parsed = parsePrice(plain(text), instrument.priceScale);
  return parsed.ok ? price(parsed.value + ticks * instrument.tickSize) : undefined;
}

function plain(text: string): string {
  return text.trim().replaceAll(',', '');
}

function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function words(error: DecimalError, step: string): string {
  if (error.text === '') return 'Enter a number';
  if (error.code === 'DECIMAL_OFF_SCALE') return `Steps are ${trim(step)}`;
  return error.code === 'DECIMAL_OVERFLOW' ? 'Too large' : 'Not a number';
}
