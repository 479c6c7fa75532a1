import { formatDecimal } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderTerms } from '../domain/order.ts';
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

/** Why terms are no order at all (a field absent, superfluous or not whole; an instrument that does not trade), or undefined. */
export function checkTerms(terms: OrderTerms, instrument: Instrument): Denial | undefined {
  if (instrument.status !== 'Trading') {
    const message = `${instrument.id} must be Trading, is ${instrument.status}`;
    return { code: 'INSTRUMENT_NOT_TRADING', message };
  }
  return (
    checkPresence(terms) ??
    checkWhole('quantity', terms.quantity) ??
    checkWhole('price', terms.price) ??
    checkWhole('stopPrice', terms.stopPrice) ??
    checkStopPrice(terms, instrument)
  );
}
