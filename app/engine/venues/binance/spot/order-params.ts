import { err, ok, type Result } from '../../../base/result.ts';
import { formatDecimal } from '../../../domain/decimal.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { Order } from '../../../domain/order.ts';
import type { Params } from '../signing.ts';

/** Terms this venue has no word for. */
export interface TermsError {
  readonly code: 'TERMS_UNSUPPORTED';
  readonly message: string;
}

/** An order in the venue's words, without time and signature. Spot knows no reduce-only: who sends it caps the quantity. */
export function orderParams(order: Order, instrument: Instrument): Result<Params, TermsError> {
  const type = wireType(order);
  if (!type.ok) return type;
  const { price, stopPrice, displayQuantity } = order;
  const rests = order.type === 'Limit' || order.type === 'StopLimit';
  return ok({
    symbol: instrument.symbol,
    side: order.side === 'Buy' ? 'BUY' : 'SELL',
    type: type.value,
    timeInForce: rests && !order.postOnly ? order.timeInForce : undefined,
    quantity: formatDecimal(order.quantity, instrument.quantityScale),
    price: price === undefined ? undefined : formatDecimal(price, instrument.priceScale),
    stopPrice:
      stopPrice === undefined ? undefined : formatDecimal(stopPrice, instrument.priceScale),
    icebergQty:
      displayQuantity === undefined
        ? undefined
        : formatDecimal(displayQuantity, instrument.quantityScale),
    newClientOrderId: order.clientOrderId,
    // With what it filled at once, so that a fill the private stream loses is missed; the fills themselves come from there.
    newOrderRespType: 'RESULT',
  });
}

/** Two exits as one list in the venue's words: the limit leg lies on the profit's side of the market, the stop on the other. */
export function orderListParams(
  legs: readonly [Order, Order],
  instrument: Instrument,
): Result<Params, TermsError> {
  const [profit, loss] = legs;
  if (profit.type !== 'Limit' || !profit.postOnly || loss.type !== 'Stop') {
    return unsupported(`a list is a post-only Limit and a Stop, was ${profit.type} ${loss.type}`);
  }
  const [limit, stop] = [orderParams(profit, instrument), orderParams(loss, instrument)];
  if (!limit.ok) return limit;
  if (!stop.ok) return stop;
  const [limitSide, stopSide] = profit.side === 'Sell' ? ['above', 'below'] : ['below', 'above'];
  const { symbol, side, quantity, newOrderRespType } = limit.value;
  return ok({
    ...{ symbol, side, quantity, newOrderRespType },
    [`${limitSide}Type`]: limit.value['type'],
    [`${limitSide}ClientOrderId`]: profit.clientOrderId,
    [`${limitSide}Price`]: limit.value['price'],
    [`${stopSide}Type`]: stop.value['type'],
    [`${stopSide}ClientOrderId`]: loss.clientOrderId,
    [`${stopSide}StopPrice`]: stop.value['stopPrice'],
  });
}

function wireType(order: Order): Result<string, TermsError> {
  if (order.postOnly) {
    if (order.type === 'Limit' && order.timeInForce === 'GTC') return ok('LIMIT_MAKER');
    return unsupported(`post-only needs Limit GTC, was ${order.type} ${order.timeInForce}`);
  }
  const priced = order.price !== undefined;
  const stopped = order.stopPrice !== undefined;
  switch (order.type) {
    case 'Limit':
      return priced && !stopped
        ? ok('LIMIT')
        : unsupported('Limit needs a price and no stop price');
    case 'Market':
      return priced || stopped ? unsupported('Market takes no price') : ok('MARKET');
    case 'Stop':
      return stopped && !priced ? ok('STOP_LOSS') : unsupported('Stop needs a stop price only');
    case 'StopLimit':
      return priced && stopped
        ? ok('STOP_LOSS_LIMIT')
        : unsupported('StopLimit needs a price and a stop price');
  }
}

function unsupported(message: string): Result<never, TermsError> {
  return err({ code: 'TERMS_UNSUPPORTED', message });
}
