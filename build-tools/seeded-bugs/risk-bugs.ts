import { unit, type SeededBug } from './bug.ts';

const FLATTEN = unit('app/engine/kernel/flatten.test.ts', 'app/engine/kernel/kill.test.ts');
const BRACKETS = unit('app/engine/kernel/brackets.test.ts');
const PORTFOLIO = unit('app/engine/portfolio');
const PRE_TRADE = unit('app/engine/risk', 'app/engine/kernel/orders.test.ts');
const GATE = unit(
  'app/engine/native/compute/risk-gate.test.ts',
  'app/engine/native/compute/risk-gate.prop.test.ts',
);

/** Pre-trade risk, flatten and kill, brackets, positions. */
export const RISK_BUGS: readonly SeededBug[] = [
  {
    name: 'receipt-without-its-closing',
    what: 'the receipt of a kill says that it closed, and not when',
    from: 'a9a3993',
    file: 'app/renderer/shell/dialogs/receipt-steps.ts',
    right: "at > 2 ? closedText(receipt, after) : '',",
    wrong: "'',",
    suites: [unit('app/renderer/shell/dialogs/receipt-steps.test.ts')],
  },
  {
    name: 'kill-closes-twice',
    what: 'a second closing order leaves while the first still works: more is closed than is held',
    from: 'hummingbot #2534',
    file: 'app/engine/kernel/handlers/flatten.ts',
    right: 'const busy = new Set(open.map(({ order }) => order.instrument));',
    wrong: 'const busy = new Set<InstrumentId>();',
    suites: [FLATTEN],
  },
  {
    name: 'kill-closes-owed-fills-again',
    what: 'the next closing order leaves before the fills of the last one are counted',
    from: 'realistic',
    file: 'app/engine/kernel/handlers/flatten.ts',
    right: 'if (known !== undefined && owesFills(known)) busy.add(known.order.instrument);',
    wrong: 'if (known === undefined) continue;',
    suites: [FLATTEN],
  },
  {
    name: 'failed-close-not-counted',
    what: 'a close that the venue refuses again and again is tried for ever',
    from: 'd28d56d',
    file: 'app/engine/kernel/handlers/flatten.ts',
    right: '    failures: one.failures + 1,',
    wrong: '    failures: one.failures,',
    suites: [FLATTEN],
  },
  {
    name: 'flat-while-orders-rest',
    what: 'a kill says flat while an order that nobody here knows rests at the venue',
    from: 'go-trader #1462',
    file: 'app/engine/kernel/handlers/flatten.ts',
    right: 'if (atVenue || foreign.length > 0 || ordersInScope(context, record).length > 0) {',
    wrong: 'if (ordersInScope(context, record).length > 0) {',
    suites: [FLATTEN],
  },
  {
    name: 'orders-during-a-kill',
    what: 'new orders leave while an instrument is being flattened',
    from: 'hummingbot #2534',
    file: 'app/engine/kernel/handlers/orders.ts',
    right: '  if (flatten !== undefined) {',
    wrong: '  if (flatten !== undefined && account.tradingState === undefined) {',
    suites: [FLATTEN],
  },
  {
    name: 'flatten-sells-the-baseline',
    what: 'a flatten sells all the account holds, also what was there before',
    from: 'realistic',
    file: 'app/engine/kernel/handlers/flatten-scope.ts',
    right: '  const position = state.portfolio.position(account, instrument);',
    wrong: `  const traded = state.portfolio.position(account, instrument);
  const { base, quantityScale } = state.instrument(instrument);
  const held = state.portfolio.balance(account, base);
  const whole = held && Number(held.free) * 10 ** (quantityScale - held.scale);
  const position = { ...traded, quantity: (whole ?? traded.quantity) as never };`,
    suites: [FLATTEN],
  },
  {
    name: 'base-fee-not-subtracted',
    what: 'a flatten sells the fees too that were paid from the position',
    from: '55f1a82',
    file: 'app/engine/portfolio/position.ts',
    right: 'instrument.quantityScale, scale) - feeUnits;',
    wrong: 'instrument.quantityScale, scale);',
    suites: [PORTFOLIO, FLATTEN],
  },
  {
    name: 'flip-averages-the-old-price',
    what: 'a fill that turns a position round takes the old cost into the new side',
    from: 'nautilus_trader #963',
    file: 'app/engine/portfolio/position.ts',
    right: 'const closed = opposite ? Math.min(Math.abs(held), fill.lastQty) : 0;',
    wrong: 'const closed = opposite && fill.lastQty <= Math.abs(held) ? fill.lastQty : 0;',
    suites: [PORTFOLIO],
  },
  {
    name: 'exits-counted-twice',
    what: 'the two exits of a bracket count as two orders against the limits',
    from: 'f42f347',
    file: 'app/engine/kernel/order-changes.ts',
    right: '  if (state.orders.isBehind(order)) return;\n',
    wrong: '',
    suites: [BRACKETS],
  },
  {
    name: 'exit-flips-the-position',
    what: 'an exit is sent for the size that filled although the position is smaller by now',
    from: 'BYTEX #26',
    file: 'app/engine/kernel/handlers/brackets.ts',
    right: 'Math.min(owed, closable(context, entry, instrument), instrument.maxQuantity)',
    wrong: 'Math.min(owed, instrument.maxQuantity)',
    suites: [BRACKETS],
  },
  {
    name: 'exit-of-the-fee-too',
    what: 'an exit asks to sell what went as a fee',
    from: 'f42f347',
    file: 'app/engine/kernel/handlers/brackets.ts',
    right: 'const left = rescale(BigInt(order.cumQty), quantityScale, scale) - paid;',
    wrong: 'const left = rescale(BigInt(order.cumQty), quantityScale, scale);',
    suites: [BRACKETS],
  },
  {
    name: 'stale-quote-accepted',
    what: 'an order is checked against a quote of long ago',
    from: 'realistic',
    file: 'app/engine/risk/pre-trade.ts',
    right: 'this.#gate.configure({ staleAfterMicros, duplicateWindowMicros });',
    wrong:
      'this.#gate.configure({ staleAfterMicros: staleAfterMicros * 10, duplicateWindowMicros });',
    suites: [PRE_TRADE],
  },
  {
    name: 'doubted-quote-trusted',
    what: 'quotes that may have been overwritten before they were read are traded on',
    from: 'realistic',
    file: 'app/engine/kernel/handlers/session.ts',
    right: 'context.gate.setQuote(instrument, undefined, undefined, record.at);',
    wrong: 'context.gate.setQuote(instrument, record.quote.bid, record.quote.ask, record.at);',
    suites: [PRE_TRADE],
  },
  {
    name: 'order-rate-off-by-one',
    what: 'an order exactly one window after the first still counts it',
    from: 'realistic',
    file: 'native/core/risk/recent.hpp',
    right: 'size_ == times_.size() && now - times_[next_] < window;',
    wrong: 'size_ == times_.size() && now - times_[next_] <= window;',
    suites: [GATE],
  },
  {
    name: 'halt-blocks-closing',
    what: 'a halted account cannot make its position smaller',
    from: 'nautilus_trader #4761',
    file: 'native/core/risk/gate.cpp',
    right: `  if (reducing) return {};
  if (state == TradingState::Halted) return deny(Reason::TradingHalted, {}, {}, ScopeKind::Account);`,
    wrong: `  if (state == TradingState::Halted) return deny(Reason::TradingHalted, {}, {}, ScopeKind::Account);
  if (reducing) return {};`,
    suites: [GATE],
  },
  {
    name: 'tag-hides-behind-conditions',
    what: 'the note of an order begins with what matters less than its tag',
    from: 'ed4437b',
    file: 'app/renderer/panels/orders/order-note.ts',
    right: 'const words = order.tag === undefined ? [] : [order.tag];',
    wrong: 'const words: string[] = [];',
    suites: [unit('app/renderer/panels/orders')],
  },
  {
    name: 'own-trade-shown-once',
    what: 'of an order that trades against another of the same account the screen shows one fill',
    from: '7a924f6',
    file: 'app/renderer/state/account-replica.ts',
    right: '  return `${tradeId} ${side} ${instrument}`;\n',
    wrong: '  return `${tradeId} ${side && instrument}`;\n',
    suites: [unit('app/renderer/state/account-replica.test.ts')],
  },
];
