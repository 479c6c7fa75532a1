import { formatDecimal } from '../domain/decimal.ts';
import type { Command, ReplaceOrder, SubmitOrder } from '../domain/command.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Price } from '../domain/price.ts';
import { printPriceTerm } from './price-term.ts';
import type { OrderStatement, PriceTerm, Statement } from './statement.ts';
import { printTag } from './tag.ts';

function printOrder(order: OrderStatement): string {
  const words = [
    order.side === 'Buy' ? 'b' : 's',
    order.quantity,
    order.symbol,
    printPriceTerm(order.price),
    order.post ? 'post' : '',
    order.timeInForce === 'GTC' ? '' : order.timeInForce.toLowerCase(),
    order.reduce ? 'reduce' : '',
    order.stop === undefined ? '' : `stop=${order.stop}`,
    order.show === undefined ? '' : `show=${order.show}`,
    order.takeProfit === undefined ? '' : `tp=${order.takeProfit}`,
    order.stopLoss === undefined ? '' : `sl=${order.stopLoss}`,
    order.tag === undefined ? '' : `tag=${printTag(order.tag)}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** The canonical text of a statement; parsing it gives the statement again. */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'Order':
      return printOrder(statement);
    case 'Replace':
      return ['replace', statement.orderId, statement.quantity, statement.price ?? '']
        .join(' ')
        .trimEnd();
    case 'AcceptBalances':
      return 'accept';
    case 'Cancel':
      return `cancel ${statement.orderId}`;
    case 'Query':
      return `query ${statement.orderId}`;
    case 'CancelAll':
      return ['cancel', statement.orders, statement.symbol ?? ''].join(' ').trimEnd();
    case 'Flatten':
      return ['flatten', statement.symbol ?? ''].join(' ').trimEnd();
    default:
      return statement.kind.toLowerCase();
  }
}

function priceTermOf(price: number | undefined, instrument: Instrument): PriceTerm {
  return price === undefined
    ? { kind: 'Market' }
    : { kind: 'Fixed', price: formatDecimal(price, instrument.priceScale) };
}

function orderStatement({ terms }: SubmitOrder, instrument: Instrument): OrderStatement {
  const { stopPrice, displayQuantity, bracket, tag } = terms;
  const priced = <Part extends string>(part: Part, price: Price | undefined) =>
    price === undefined
      ? {}
      : ({ [part]: formatDecimal(price, instrument.priceScale) } as { [Name in Part]: string });
  return {
    kind: 'Order',
    side: terms.side,
    quantity: formatDecimal(terms.quantity, instrument.quantityScale),
    symbol: terms.instrument,
    price: priceTermOf(terms.price, instrument),
    timeInForce: terms.timeInForce,
    post: terms.postOnly,
    reduce: terms.reduceOnly,
    ...priced('stop', stopPrice),
    ...(displayQuantity === undefined
      ? {}
      : { show: formatDecimal(displayQuantity, instrument.quantityScale) }),
    ...priced('takeProfit', bracket?.takeProfit),
    ...priced('stopLoss', bracket?.stopLoss),
    ...(tag === undefined ? {} : { tag }),
  };
}

function cancelWord(side: 'Buy' | 'Sell' | undefined): 'all' | 'bids' | 'asks' {
  if (side === undefined) return 'all';
  return side === 'Buy' ? 'bids' : 'asks';
}

/** The canonical text of a command; `instrumentOf` must know the instrument of an order, `replaced` that of an order to replace. Resolving it again gives the command. */
export function printCommand(
  command: Command,
  instrumentOf: (id: SubmitOrder['terms']['instrument']) => Instrument,
  replaced: (id: ReplaceOrder['clientOrderId']) => Instrument,
): string {
  switch (command.type) {
    case 'SubmitOrder':
      return printStatement(orderStatement(command, instrumentOf(command.terms.instrument)));
    case 'ReplaceOrder': {
      const instrument = replaced(command.clientOrderId);
      return printStatement({
        kind: 'Replace',
        orderId: command.clientOrderId,
        quantity: formatDecimal(command.quantity, instrument.quantityScale),
        ...(command.price === undefined
          ? {}
          : { price: formatDecimal(command.price, instrument.priceScale) }),
      });
    }
    case 'CancelOrder':
      return printStatement({ kind: 'Cancel', orderId: command.clientOrderId });
    case 'QueryOrder':
      return printStatement({ kind: 'Query', orderId: command.clientOrderId });
    case 'CancelAll':
      return printStatement({
        kind: 'CancelAll',
        orders: cancelWord(command.side),
        ...(command.instrument === undefined ? {} : { symbol: command.instrument }),
      });
    case 'Flatten':
      return printStatement({
        kind: 'Flatten',
        ...(command.instrument === undefined ? {} : { symbol: command.instrument }),
      });
    default:
      return printStatement({ kind: command.type });
  }
}
