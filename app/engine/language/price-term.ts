import type { PriceTerm } from './statement.ts';

/** A decimal as the language takes it: digits, one point, no sign, no exponent; bounded, so that no text is slow. */
const DECIMAL = /^\d{1,30}(?:\.\d{1,30})?$/;
const PEGGED = /^(bid|ask|mid)(?:([+-])(\d{1,15})|([+-])(\d{1,15}(?:\.\d{1,15})?)%)?$/;

/** What a price may look like, for error messages. */
export const PRICE_FORMS =
  'a price, mkt, or bid, ask or mid with an offset such as bid+2 or mid-0.1%';

/** True for an unsigned decimal. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** True for an unsigned decimal other than zero. */
export function isPositiveDecimal(text: string): boolean {
  return isDecimal(text) && /[1-9]/.test(text);
}

/** Reads a price word; undefined when it has none of the forms. */
export function parsePriceTerm(text: string): PriceTerm | undefined {
  const lower = text.toLowerCase();
  if (lower === 'mkt') return { kind: 'Market' };
  if (isDecimal(lower))
    return isPositiveDecimal(lower) ? { kind: 'Fixed', price: lower } : undefined;
  const match = PEGGED.exec(lower);
  if (match === null) return undefined;
  const [, reference, tickSign, ticks, percentSign, percent] = match;
  const pegged = { kind: 'Pegged', reference: reference as 'bid' | 'ask' | 'mid' } as const;
  if (ticks !== undefined) {
    return {
      ...pegged,
      offset: { direction: tickSign as '+' | '-', amount: ticks, unit: 'ticks' },
    };
  }
  if (percent === undefined) return pegged;
  const direction = percentSign as '+' | '-';
  return { ...pegged, offset: { direction, amount: percent, unit: 'percent' } };
}

/** Writes a price as `parsePriceTerm` reads it. */
export function printPriceTerm(term: PriceTerm): string {
  if (term.kind === 'Market') return 'mkt';
  if (term.kind === 'Fixed') return term.price;
  if (term.offset === undefined) return term.reference;
  const { direction, amount, unit } = term.offset;
  return `${term.reference}${direction}${amount}${unit === 'percent' ? '%' : ''}`;
}
