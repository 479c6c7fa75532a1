import { err, ok, type Result } from '../../../engine/base/result.ts';
import { formatDecimal } from '../../../engine/domain/decimal.ts';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type {
  Bracket,
  OrderTerms,
  OrderType,
  Side,
  TimeInForce,
} from '../../../engine/domain/order.ts';
import {
  notional,
  parsePrice,
  price,
  type Price,
  type Quantity,
} from '../../../engine/domain/price.ts';
import { typedNumber } from '../../format/number-form.ts';
import type { ExitUnit } from '../../state/ticket-preferences.ts';
import {
  baseQuantity,
  exitPrice,
  plain,
  quantityWorth,
  tickPrice,
  trim,
  type DraftError,
  type QuantityUnit,
} from './ticket-numbers.ts';

/** What stands in the fields of the ticket, as typed. */
export interface TicketDraft {
  readonly side: Side;
  readonly type: OrderType;
  readonly unit: QuantityUnit;
  readonly quantity: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** '' shows the whole quantity. */
  readonly display: string;
  readonly exitUnit: ExitUnit;
  /** '' asks for no such exit. */
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly tag: string;
}

/** A ticket in which nothing was typed. */
export const EMPTY_DRAFT: TicketDraft = {
  side: 'Buy',
  type: 'Limit',
  unit: 'base',
  quantity: '',
  price: '',
  stopPrice: '',
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: false,
  display: '',
  exitUnit: 'price',
  takeProfit: '',
  stopLoss: '',
  tag: '',
};

/** True when orders of a type have a limit price. */
export function hasPrice(type: OrderType): boolean {
  return type === 'Limit' || type === 'StopLimit';
}

/** True when orders of a type wait for a trigger. */
export function hasStop(type: OrderType): boolean {
  return type === 'Stop' || type === 'StopLimit';
}

/** The price that an order would be done at: its limit, else its trigger, else what it would meet. */
export function entryPrice(
  terms: Pick<OrderTerms, 'price' | 'stopPrice'>,
  touch: Price | undefined,
): Price | undefined {
  return terms.price ?? terms.stopPrice ?? touch;
}

/** The order that a draft asks for, on the instrument's grids; `touch` is the price that it would meet now. */
export function termsOf(
  draft: TicketDraft,
  instrument: Instrument,
  account: AccountId,
  touch: Price | undefined,
): Result<OrderTerms, DraftError> {
  const limit = hasPrice(draft.type) ? tickPrice(draft.price, 'price', instrument) : undefined;
  if (limit?.ok === false) return limit;
  const stop = hasStop(draft.type)
    ? tickPrice(draft.stopPrice, 'stopPrice', instrument)
    : undefined;
  if (stop?.ok === false) return stop;
  const prices = {
    ...(limit === undefined ? {} : { price: limit.value }),
    ...(stop === undefined ? {} : { stopPrice: stop.value }),
  };
  const at = entryPrice(prices, touch);
  const whole =
    draft.unit === 'base'
      ? baseQuantity(draft.quantity, 'quantity', instrument)
      : quantityWorth(draft.quantity, at, instrument);
  if (!whole.ok) return whole;
  const display = displayOf(draft, whole.value, instrument);
  if (!display.ok) return display;
  const bracket = bracketOf(draft, at, instrument);
  if (!bracket.ok) return bracket;
  const tag = tagOf(draft.tag);
  if (!tag.ok) return tag;
  return ok({
    instrument: instrument.id,
    account,
    side: draft.side,
    type: draft.type,
    quantity: whole.value,
    ...prices,
    timeInForce: draft.timeInForce,
    postOnly: draft.postOnly && draft.type === 'Limit',
    reduceOnly: draft.reduceOnly,
    ...display.value,
    ...tag.value,
    ...bracket.value,
  });
}

function displayOf(
  draft: TicketDraft,
  whole: Quantity,
  instrument: Instrument,
): Result<Pick<OrderTerms, 'displayQuantity'>, DraftError> {
  const field = 'display';
  if (plain(draft.display) === '') return ok({});
  if (instrument.maxDisplayParts === undefined) {
    return err({ field, message: 'The venue takes no displayed quantity; leave it empty' });
  }
  if (draft.type !== 'Limit' || draft.timeInForce !== 'GTC') {
    return err({ field, message: 'Only a limit order GTC can show a part; leave it empty' });
  }
  const shown = baseQuantity(draft.display, field, instrument);
  if (!shown.ok) return shown;
  const most = trim(formatDecimal(whole, instrument.quantityScale));
  if (shown.value >= whole) {
    return err({ field, message: `Shows less than ${most}, was ${plain(draft.display)}` });
  }
  if (Math.ceil(whole / shown.value) > instrument.maxDisplayParts) {
    const parts = instrument.maxDisplayParts;
    return err({ field, message: `Makes more than ${parts} parts of ${most}; show more` });
  }
  return ok({ displayQuantity: shown.value });
}

function bracketOf(
  draft: TicketDraft,
  at: Price | undefined,
  instrument: Instrument,
): Result<Pick<OrderTerms, 'bracket'>, DraftError> {
  const bracket: { -readonly [Leg in keyof Bracket]: Bracket[Leg] } = {};
  for (const leg of ['takeProfit', 'stopLoss'] as const) {
    if (plain(draft[leg]) === '') continue;
    if (draft.reduceOnly) {
      const message = 'An order that only reduces has no exits; leave it empty';
      return err({ field: leg, message });
    }
    if (bracket.takeProfit !== undefined && instrument.orderLists !== true) {
      return err({ field: leg, message: 'The venue takes one exit, not two' });
    }
    const exit = exitPrice(draft[leg], draft.exitUnit, leg, draft.side, at, instrument);
    if (!exit.ok) return exit;
    bracket[leg] = exit.value;
  }
  return ok(Object.keys(bracket).length === 0 ? {} : { bracket });
}

function tagOf(text: string): Result<Pick<OrderTerms, 'tag'>, DraftError> {
  const tag = text.trim();
  if (tag === '') return ok({});
  if (/^[\x20-\x7e]{1,32}$/.test(tag)) return ok({ tag });
  const message = `A tag is 1 to 32 printable ASCII characters, was "${tag.slice(0, 40)}"`;
  return err({ field: 'tag', message });
}

/** A field's price moved by `ticks`, from between two ticks to the next in that direction first; undefined when it is no price. */
export function nudged(text: string, ticks: number, instrument: Instrument): Price | undefined {
  const { tickSize, priceScale } = instrument;
  const parsed = parsePrice(plain(text), priceScale);
  if (!parsed.ok) return undefined;
  const from = ticks > 0 ? Math.floor(parsed.value / tickSize) : Math.ceil(parsed.value / tickSize);
  return price((from + ticks) * tickSize);
}

/** The quantity field of the same order in the other unit; empty when it is no order yet. */
export function quantityIn(
  unit: QuantityUnit,
  terms: OrderTerms | undefined,
  touch: Price | undefined,
  instrument: Instrument,
): string {
  const at = terms === undefined ? undefined : entryPrice(terms, touch);
  if (terms === undefined || at === undefined) return '';
  if (unit === 'base')
    return typedNumber(trim(formatDecimal(terms.quantity, instrument.quantityScale)));
  return typedNumber(trim(formatDecimal(notional(at, terms.quantity), notionalScale(instrument))));
}
