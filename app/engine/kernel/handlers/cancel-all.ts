import type { AccountId } from '../../domain/identifiers.ts';
import type { AllCanceled, RequestFailed } from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import type { FlattenRecord } from '../state.ts';
import { saveFlatten } from './flatten-record.ts';
import { activeFlattens } from './flatten-scope.ts';

/** Venue symbols of every instrument the account ever had an order at the venue for, in order. */
function symbolsEverUsed(context: KernelContext, account: AccountId): string[] {
  const { orders, fills, instruments } = context.state;
  const sent = [...orders.all()].map(({ order }) => order);
  const used = [
    ...sent.filter(({ submittedAt }) => submittedAt !== undefined),
    // Of those forgotten the instrument is left.
    ...fills.forgotten,
  ];
  const symbols = new Set<string>();
  for (const one of used) {
    const symbol = instruments.get(one.instrument)?.symbol;
    if (one.account === account && symbol !== undefined) symbols.add(symbol);
  }
  return [...symbols].sort();
}

/**
 * Cancels by symbol what no single cancel reaches: everything while a kill has no private stream, and at any time what stands
 * on symbols that are not among our instruments.
 */
export function cancelBySymbol(context: KernelContext, record: FlattenRecord): void {
  const { account, kind, foreign } = record;
  const connected = context.state.accounts.get(account)?.connected === true;
  const known = kind === 'Kill' && !connected ? symbolsEverUsed(context, account) : [];
  const symbols = new Set([...known, ...foreign.map(({ symbol }) => symbol)]);
  for (const symbol of symbols) context.emit({ type: 'SendCancelAll', account, symbol });
}

function note(
  context: KernelContext,
  account: AccountId,
  symbol: string,
  message: string | undefined,
): void {
  for (const record of activeFlattens(context.state)) {
    if (record.account !== account) continue;
    const others = record.refused.filter((one) => one.symbol !== symbol);
    if (message === undefined && others.length === record.refused.length) continue;
    const refused = message === undefined ? others : [...others, { symbol, message }];
    saveFlatten(context, { ...record, refused });
  }
}

/** The venue canceled all that was open on a symbol. */
export function onAllCanceled(context: KernelContext, report: AllCanceled): void {
  note(context, report.account, report.symbol, undefined);
  const { account, symbol, count } = report;
  context.alert('Info', 'ALL_CANCELED', `${account}: ${count} orders of ${symbol} are canceled`);
}

/** What is open on a symbol could not be canceled: the receipt says so until it is. */
export function onCancelAllFailed(context: KernelContext, report: RequestFailed): void {
  const { account, symbol = '', code, message } = report;
  note(context, account, symbol, `${code} ${message}`);
}
