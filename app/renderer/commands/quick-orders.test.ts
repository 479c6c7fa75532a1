import { describe, expect, test } from 'vitest';
import type { AccountState } from '../../engine/domain/account.ts';
import type { ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Order } from '../../engine/domain/order.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { EMPTY_REPLICA } from '../state/account-replica.ts';
import { Links } from '../state/links.ts';
import type { QuoteMessage } from '../state/market-store.ts';
import type { Frames } from '../state/pace.ts';
import { MAIN, order, SOL } from '../state/testdata.ts';
import { TradeSession } from '../state/trade-session.ts';
import type { OrderPlan } from './order-plan.ts';
import { cancelLastPlan, nextOwnOrder, quickPlan, tickPlan } from './quick-orders.ts';

const ACCOUNT = {
  account: MAIN,
  tradingState: 'Active',
  reconciliation: { state: 'Agrees', differences: [] },
} as unknown as AccountState;
const QUOTE = { state: 'Live', bid: price(18_740), ask: price(18_743) } as QuoteMessage;
const SIZE = quantity(2000);
const none = (): void => undefined;
const NO_PICTURES: Frames = { now: () => 0, next: none, done: none, later: none };

function surroundings(orders: readonly Order[] = [], quote = QUOTE, armed = true) {
  const trade = new TradeSession(() => true, NO_PICTURES);
  trade.store.setState({
    connection: { phase: 'Open', attempt: 0, malformed: 0 },
    replica: {
      ...EMPTY_REPLICA,
      synced: true,
      armed,
      accounts: [ACCOUNT],
      orders: new Map(orders.map((one) => [one.clientOrderId, one])),
    },
  });
  return {
    trade,
    link: new Links(() => true).panel('ladder'),
    feed: { market: { quote: () => quote } },
  };
}

/** What a plan would send, in short; or its reason. */
function told(plan: OrderPlan): unknown {
  if (plan.kind === 'nothing') return plan.reason;
  return plan.commands.map(({ command }) => {
    if (command.type !== 'SubmitOrder') return command;
    const { side, type, price: at, timeInForce, postOnly, quantity: size } = command.terms;
    return [side, type, at, timeInForce, postOnly, size];
  });
}

describe('orders of one stroke', () => {
  test.each([
    ['Buy', 'market', ['Buy', 'Market', undefined, 'GTC', false, 2000]],
    ['Sell', 'market', ['Sell', 'Market', undefined, 'GTC', false, 2000]],
    ['Buy', 'join', ['Buy', 'Limit', 18_740, 'GTC', true, 2000]],
    ['Sell', 'join', ['Sell', 'Limit', 18_743, 'GTC', true, 2000]],
    ['Sell', 'take', ['Sell', 'Limit', 18_740, 'IOC', false, 2000]],
    ['Buy', 'take', ['Buy', 'Limit', 18_743, 'IOC', false, 2000]],
  ] as const)('%s %s', (side, kind, expected) => {
    expect(told(quickPlan(surroundings(), 'ladder', SOL, SIZE, side, kind))).toEqual([expected]);
  });

  test('without the side of the book it needs, a size or an open gate it sends nothing', () => {
    const oneSided = surroundings([], { state: 'Live', bid: price(1) } as QuoteMessage);
    expect(told(quickPlan(oneSided, 'ladder', SOL, SIZE, 'Buy', 'take'))).toBe('There is no offer');
    expect(told(quickPlan(oneSided, 'ladder', SOL, SIZE, 'Sell', 'join'))).toBe(
      'There is no offer',
    );
    const open = surroundings();
    expect(told(quickPlan(open, 'ladder', SOL, undefined, 'Buy', 'join'))).toMatch(/size/);
    const disarmed = surroundings([], QUOTE, false);
    expect(told(quickPlan(disarmed, 'ladder', SOL, SIZE, 'Buy', 'market'))).toBe('Disarmed');
  });
});

describe('keys for the chosen order', () => {
  test('a tick is a tick, and the order is followed through its replacements', () => {
    const old = order('a', { status: 'Canceled' });
    const desk = surroundings([old, order('b', { replaces: old.clientOrderId })]);
    expect(told(tickPlan(desk, SOL, 1))).toMatch(/chosen/);
    desk.link.selectOrder(old.clientOrderId);
    const [moved] = told(tickPlan(desk, SOL, 1)) as readonly object[];
    expect(moved).toMatchObject({ type: 'ReplaceOrder', clientOrderId: 'b', price: 18_741 });
  });

  test('what is being moved, is unknown, has no price or is an exit is not moved', () => {
    const cases: readonly Partial<Order>[] = [
      { pending: { quantity: SIZE, price: price(18_741) } },
      { unknownSince: 1 as never },
      { parent: 'entry' as ClientOrderId },
      { price: SOL.maxPrice },
    ];
    for (const part of cases) {
      const desk = surroundings([order('a', part)]);
      desk.link.selectOrder('a' as ClientOrderId);
      expect(tickPlan(desk, SOL, 1).kind).toBe('nothing');
    }
  });

  test('the newest order that is not being cancelled is the last', () => {
    const desk = surroundings([order('a'), order('b'), order('c', { status: 'PendingCancel' })]);
    expect(told(cancelLastPlan(desk, SOL))).toEqual([{ type: 'CancelOrder', clientOrderId: 'b' }]);
    expect(cancelLastPlan(surroundings(), SOL).kind).toBe('nothing');
  });

  test('the next order goes from the highest price down and around', () => {
    const desk = surroundings([
      order('low', { price: price(100) }),
      order('high', { price: price(300) }),
      order('mid', { price: price(200) }),
    ]);
    const seen = Array.from({ length: 4 }, () => {
      const next = nextOwnOrder(desk, SOL);
      if (next !== undefined) desk.link.selectOrder(next);
      return next;
    });
    expect(seen).toEqual(['high', 'mid', 'low', 'high']);
  });
});
