import { err, ok, type Result } from '../base/result.ts';
import type { Command, ReplaceOrder } from '../domain/command.ts';
import {
  parseClientOrderId,
  type AccountId,
  type ClientOrderId,
  type InstrumentId,
} from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../domain/market.ts';
import type { OrderTerms, OrderType } from '../domain/order.ts';
import type { Price, Quantity } from '../domain/price.ts';
import { resolveBracket, resolveShow } from './resolve-extras.ts';
import { peggedPrice, priceOnTick, quantityOnStep } from './resolve-price.ts';
import { resolveSymbol } from './resolve-symbol.ts';
import {
  languageError,
  type LanguageError,
  type OrderStatement,
  type Parsed,
  type ReplaceStatement,
  type Word,
} from './statement.ts';

/** What a line means depends on: the account it is for, the instruments that are subscribed, and the market now. */
export interface Surroundings {
  readonly account: AccountId;
  readonly instruments: readonly Instrument[];
  quote(instrument: InstrumentId): Quote | undefined;
  /** The instrument of one of our orders; undefined when there is no such order. */
  instrumentOfOrder(id: ClientOrderId): InstrumentId | undefined;
}

type Resolved<T> = Result<T, LanguageError>;

const NOWHERE: Word = { text: '', column: 1 };

function instrumentOf(parsed: Parsed, around: Surroundings): Resolved<Instrument> {
  const word = parsed.places.symbol ?? NOWHERE;
  const found = resolveSymbol(word, around.instruments);
  if (!found.ok) return found;
  if (around.account.startsWith(`${found.value.venue}/`)) return found;
  const expected = `an instrument of the venue of account ${around.account}`;
  return err(languageError('SYMBOL_OTHER_VENUE', word, expected));
}

function optionalInstrument(
  parsed: Parsed,
  around: Surroundings,
): Resolved<{ readonly instrument?: InstrumentId }> {
  if (parsed.places.symbol === undefined) return ok({});
  const found = instrumentOf(parsed, around);
  return found.ok ? ok({ instrument: found.value.id }) : found;
}

function limitPrice(
  order: OrderStatement,
  word: Word,
  instrument: Instrument,
  around: Surroundings,
): Resolved<Price | undefined> {
  switch (order.price.kind) {
    case 'Market':
      return ok(undefined);
    case 'Fixed':
      return priceOnTick(order.price.price, word, instrument);
    case 'Pegged':
      return peggedPrice(order.price, order.side, word, instrument, around.quote(instrument.id));
  }
}

function typeOf(price: Price | undefined, stopPrice: Price | undefined): OrderType {
  if (price === undefined) return stopPrice === undefined ? 'Market' : 'Stop';
  return stopPrice === undefined ? 'Limit' : 'StopLimit';
}

function resolveOrder(
  order: OrderStatement,
  parsed: Parsed,
  around: Surroundings,
): Resolved<OrderTerms> {
  const { places } = parsed;
  const instrument = instrumentOf(parsed, around);
  if (!instrument.ok) return instrument;
  const quantity = quantityOnStep(order.quantity, places.quantity ?? NOWHERE, instrument.value);
  if (!quantity.ok) return quantity;
  const limit = limitPrice(order, places.price ?? NOWHERE, instrument.value, around);
  if (!limit.ok) return limit;
  const stop: Resolved<Price | undefined> =
    order.stop === undefined
      ? ok(undefined)
      : priceOnTick(order.stop, places.stop ?? NOWHERE, instrument.value);
  if (!stop.ok) return stop;
  const show: Resolved<Quantity | undefined> =
    order.show === undefined
      ? ok(undefined)
      : resolveShow(order.show, places.show ?? NOWHERE, quantity.value, instrument.value);
  if (!show.ok) return show;
  const entry = {
    side: order.side,
    ...(limit.value === undefined ? {} : { price: limit.value }),
    ...(stop.value === undefined ? {} : { stopPrice: stop.value }),
  };
  const quote = () => around.quote(instrument.value.id);
  const bracket = resolveBracket(order, entry, places, instrument.value, quote);
  if (!bracket.ok) return bracket;
  return ok({
    ...entry,
    instrument: instrument.value.id,
    account: around.account,
    type: typeOf(limit.value, stop.value),
    quantity: quantity.value,
    timeInForce: order.timeInForce,
    postOnly: order.post,
    reduceOnly: order.reduce,
    ...(show.value === undefined ? {} : { displayQuantity: show.value }),
    ...(order.tag === undefined ? {} : { tag: order.tag }),
    ...(bracket.value === undefined ? {} : { bracket: bracket.value }),
  });
}

function resolveReplace(
  replace: ReplaceStatement,
  parsed: Parsed,
  around: Surroundings,
): Resolved<ReplaceOrder> {
  const { words, places } = parsed;
  const word = words[1] ?? NOWHERE;
  const id = parseClientOrderId(replace.orderId);
  if (!id.ok) return err(languageError('ID_MALFORMED', word, id.error.expected));
  const wanted = around.instrumentOfOrder(id.value);
  const instrument = around.instruments.find((one) => one.id === wanted);
  if (instrument === undefined) {
    return err(languageError('ORDER_UNKNOWN', word, 'the client order id of one of our orders'));
  }
  const quantity = quantityOnStep(replace.quantity, places.quantity ?? NOWHERE, instrument);
  if (!quantity.ok) return quantity;
  const command = {
    type: 'ReplaceOrder',
    clientOrderId: id.value,
    quantity: quantity.value,
  } as const;
  if (replace.price === undefined) return ok(command);
  const price = priceOnTick(replace.price, places.price ?? NOWHERE, instrument);
  return price.ok ? ok({ ...command, price: price.value }) : price;
}

function cancelSide(
  orders: 'all' | 'bids' | 'asks',
): Pick<Extract<Command, { readonly type: 'CancelAll' }>, 'side'> {
  if (orders === 'all') return {};
  return { side: orders === 'bids' ? 'Buy' : 'Sell' };
}

/** What a parsed line asks for here and now, with exact prices and quantities on the instrument's grids. */
export function resolve(parsed: Parsed, around: Surroundings): Resolved<Command> {
  const { statement } = parsed;
  const { account } = around;
  switch (statement.kind) {
    case 'Order': {
      const terms = resolveOrder(statement, parsed, around);
      return terms.ok ? ok({ type: 'SubmitOrder', terms: terms.value }) : terms;
    }
    case 'Replace':
      return resolveReplace(statement, parsed, around);
    case 'Cancel':
    case 'Query': {
      const id = parseClientOrderId(statement.orderId);
      const type = statement.kind === 'Cancel' ? 'CancelOrder' : 'QueryOrder';
      if (id.ok) return ok({ type, clientOrderId: id.value });
      const word = parsed.words[1] ?? NOWHERE;
      return err(languageError('ID_MALFORMED', word, id.error.expected));
    }
    case 'CancelAll': {
      const instrument = optionalInstrument(parsed, around);
      if (!instrument.ok) return instrument;
      return ok({
        type: 'CancelAll',
        account,
        ...instrument.value,
        ...cancelSide(statement.orders),
      });
    }
    case 'Flatten': {
      const instrument = optionalInstrument(parsed, around);
      return instrument.ok ? ok({ type: 'Flatten', account, ...instrument.value }) : instrument;
    }
    case 'Unlock':
    case 'Lock':
    case 'AcceptBalances':
      return ok({ type: statement.kind, account });
    case 'Arm':
    case 'Disarm':
    case 'Kill':
      return ok({ type: statement.kind });
  }
}
