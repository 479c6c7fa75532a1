import { formatDecimal } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { RiskReason, RiskVerdict } from '../native/compute/risk-terms.ts';

/** Why pre-trade risk denies an order: the check's code, and words with its limit and the value seen. */
export interface Denial {
  readonly code: string;
  readonly message: string;
}

type Denied = Extract<RiskVerdict, { readonly ok: false }>;
type Unit = 'price' | 'quantity' | 'money' | 'count' | 'micros' | 'millis' | 'balance' | 'none';

/** Words and unit of each check; {limit} and {seen} are filled in. */
const WORDS: Readonly<Record<Exclude<RiskReason, 'OK'>, readonly [Unit, string]>> = {
  TRADING_LOCKED: ['none', 'trading is Locked: unlock the account'],
  TRADING_HALTED: ['none', 'trading is Halted: only orders that reduce a position are taken'],
  REDUCE_ONLY: ['none', 'only orders that reduce a position are taken'],
  NOT_ARMED: ['none', 'this desk is not armed'],
  MAX_ORDER_QUANTITY: ['quantity', 'quantity must be at most {limit}, was {seen}'],
  MAX_ORDER_NOTIONAL: ['money', 'price x quantity must be at most {limit}, was {seen}'],
  PRICE_COLLAR: ['price', 'price must lie within {limit} bps of the touch, was {seen}'],
  MAX_POSITION: [
    'quantity',
    'position with all working orders filled must be at most {limit}, would be {seen}',
  ],
  MAX_OPEN_ORDERS: ['count', 'open orders must be at most {limit}, would be {seen}'],
  MAX_WORKING_NOTIONAL: ['money', 'working orders must be worth at most {limit}, would be {seen}'],
  ORDER_RATE: ['count', 'orders in the rate window must be at most {limit}, would be {seen}'],
  DUPLICATE_ORDER: ['millis', 'the same order was sent {seen} ms ago, within {limit} ms'],
  STALE_DATA: ['micros', 'the quote must be at most {limit} us old, was {seen} us'],
  INSUFFICIENT_BALANCE: [
    'balance',
    'balance left must cover the order: {limit} left, {seen} needed',
  ],
  UNKNOWN_INSTRUMENT: ['none', 'the instrument is not known to the risk gate'],
  QUANTITY_OFF_STEP: ['quantity', 'quantity must be a multiple of {limit}, was {seen}'],
  PRICE_OFF_TICK: ['price', 'price must be a multiple of {limit}, was {seen}'],
  BELOW_MIN_NOTIONAL: ['money', 'price x quantity must be at least {limit}, was {seen}'],
  MIN_QUANTITY: ['quantity', 'quantity must be at least {limit}, was {seen}'],
  MAX_QUANTITY: ['quantity', 'quantity must be at most {limit}, was {seen}'],
  MIN_PRICE: ['price', 'price must be at least {limit}, was {seen}'],
  MAX_PRICE: ['price', 'price must be at most {limit}, was {seen}'],
  UNKNOWN_SCOPE: ['none', 'the account or client is not known to the risk gate'],
  UNKNOWN_REPLACED: ['none', 'the order to replace is not working'],
  DUPLICATE_ORDER_ID: ['none', 'an order of this id is working'],
};

/** Decimals of the gate's money and balances. */
export const GATE_SCALE = 15;

function trimmed(value: bigint, scale: number): string {
  const text = formatDecimal(value, scale);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function show(unit: Unit, value: bigint, instrument: Instrument): string {
  switch (unit) {
    case 'price':
      return trimmed(value, instrument.priceScale);
    case 'quantity':
      return trimmed(value, instrument.quantityScale);
    case 'money':
    case 'balance':
      return trimmed(value, GATE_SCALE);
    case 'millis':
      return (value / 1000n).toString();
    default:
      return value.toString();
  }
}

/** A verdict as code and words. */
export function denialOf(verdict: Denied, instrument: Instrument): Denial {
  const [unit, words] = WORDS[verdict.reason];
  // The collar's limit is in basis points, what was seen is a price.
  const limit =
    verdict.reason === 'PRICE_COLLAR'
      ? verdict.limit.toString()
      : show(unit, verdict.limit, instrument);
  const seen = show(unit, verdict.seen, instrument);
  const message = words.replace('{limit}', limit).replace('{seen}', seen);
  return { code: verdict.reason, message };
}
