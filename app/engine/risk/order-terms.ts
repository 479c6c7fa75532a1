import { formatDecimal } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderTerms } from '../domain/order.ts';
import type { Price } from '../domain/price.ts';
import { checkBracket } from './bracket-terms.ts';
import type { Denial } from './denial.ts';

function invalid(field: string, seen: unknown, accepted: string): Denial {
  const message = `${field} must be ${accepted}, was ${String(seen)}`;
  return { code: 'ORDER_TERMS_INVALID', message };
}

function checkWhole(field: string, value: number | undefined): Denial | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return undefined;
  return invalid(field, value, 'a whole number above 0');
}

function checkPresence(terms: OrderTerms): Denial | undefined {
  const { type, price, stopPrice, postOnly, timeInForce } = terms;
  const priced = type === 'Limit' || type === 'StopLimit';
  const stopped = type === 'Stop' || type === 'StopLimit';
  if (priced && price === undefined) return invalid('price', 'absent', `present for ${type}`);
  if (!priced && price !== undefined) return invalid('price', price, `absent for ${type}`);
  if (stopped && stopPrice === undefined) {
    return invalid('stopPrice', 'absent', `present for ${type}`);
  }
  if (!stopped && stopPrice !== undefined) {
    return invalid('stopPrice', stopPrice, `absent for ${type}`);
  }
  if (postOnly && (type !== 'Limit' || timeInForce !== 'GTC')) {
    return invalid('postOnly', `true for ${type} ${timeInForce}`, 'false unless Limit GTC');
  }
  return undefined;
}

// The gate values an order at one price; of a StopLimit that is the limit, so its trigger is looked at here.
function checkStopPrice(terms: OrderTerms, instrument: Instrument): Denial | undefined {
  const { stopPrice } = terms;
  const { minPrice, maxPrice, tickSize, priceScale } = instrument;
  if (stopPrice === undefined) return undefined;
  const show = (mantissa: number): string => formatDecimal(mantissa, priceScale);
  if (stopPrice < minPrice || stopPrice > maxPrice) {
    const message = `stopPrice must be ${show(minPrice)} to ${show(maxPrice)}, was ${show(stopPrice)}`;
    return { code: 'PRICE_OUT_OF_RANGE', message };
  }
  if (stopPrice % tickSize === 0) return undefined;
  const message = `stopPrice must be a multiple of ${show(tickSize)}, was ${show(stopPrice)}`;
  return { code: 'PRICE_OFF_TICK', message };
}

const TAG = /^[\x20-\x7e]{1,32}$/;

function checkTag({ tag }: OrderTerms): Denial | undefined {
  if (tag === undefined || TAG.test(tag)) return undefined;
  const message = `tag must be 1 to 32 printable ASCII characters, was ${JSON.stringify(tag)}`;
  return { code: 'TAG_INVALID', message };
}

function checkDisplayQuantity(terms: OrderTerms, instrument: Instrument): Denial | undefined {
  const { displayQuantity: shown, quantity, type, timeInForce } = terms;
  if (shown === undefined) return undefined;
  const { maxDisplayParts, minQuantity, stepSize, quantityScale } = instrument;
  const show = (mantissa: number): string => formatDecimal(mantissa, quantityScale);
  if (maxDisplayParts === undefined) {
    const message = `displayQuantity must be absent for ${instrument.id}: its venue takes none, was ${show(shown)}`;
    return { code: 'DISPLAY_QUANTITY_UNSUPPORTED', message };
  }
  if (type !== 'Limit' || timeInForce !== 'GTC') {
    const message = `displayQuantity must be absent unless Limit GTC, was ${show(shown)} for ${type} ${timeInForce}`;
    return { code: 'DISPLAY_QUANTITY_NOT_LIMIT', message };
  }
  if (shown >= quantity || shown < minQuantity) {
    const message = `displayQuantity must be at least ${show(minQuantity)} and below the quantity ${show(quantity)}, was ${show(shown)}`;
    return { code: 'DISPLAY_QUANTITY_OUT_OF_RANGE', message };
  }
  if (shown % stepSize !== 0) {
    const message = `displayQuantity must be a multiple of ${show(stepSize)}, was ${show(shown)}`;
    return { code: 'DISPLAY_QUANTITY_OFF_STEP', message };
  }
  const parts = Math.ceil(quantity / shown);
  if (parts <= maxDisplayParts) return undefined;
  const message = `displayQuantity must divide the quantity into at most ${maxDisplayParts} parts, ${show(shown)} makes ${parts}`;
  return { code: 'DISPLAY_QUANTITY_TOO_MANY_PARTS', message };
}

/**
 * Why terms are no order at all (a field absent, superfluous or not whole; an instrument that does not trade), or undefined.
 * `touch` is the price that an order without one would meet, absent while there is none; the exits of a bracket lie at most
 * `maxDistanceBps` from its entry, 0 for anywhere.
 */
export function checkTerms(
  terms: OrderTerms,
  instrument: Instrument,
  touch?: Price,
  maxDistanceBps = 0,
): Denial | undefined {
  if (instrument.status !== 'Trading') {
    const message = `${instrument.id} must be Trading, is ${instrument.status}`;
    return { code: 'INSTRUMENT_NOT_TRADING', message };
  }
  return (
    checkPresence(terms) ??
    checkWhole('quantity', terms.quantity) ??
    checkWhole('price', terms.price) ??
    checkWhole('stopPrice', terms.stopPrice) ??
    checkWhole('displayQuantity', terms.displayQuantity) ??
    checkStopPrice(terms, instrument) ??
    checkDisplayQuantity(terms, instrument) ??
    checkTag(terms) ??
    checkBracket(terms, instrument, touch, maxDistanceBps)
  );
}
