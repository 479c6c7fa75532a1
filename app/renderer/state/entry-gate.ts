import type { TradingState } from '../../engine/domain/account.ts';
import type { AccountId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { DataState } from '../../engine/domain/market.ts';
import type { AccountReplica } from './account-replica.ts';
import { marketStatusWords } from './market-status.ts';

/** Whether an order that adds risk may be sent from this window now, and if not, why and what comes next. */
export type EntryGate =
  | { readonly open: true; readonly reducingOnly: boolean }
  | { readonly open: false; readonly code: GateCode; readonly reason: string };

/** What stands in the way of an order. */
export type GateCode =
  | 'DISCONNECTED'
  | 'NO_ACCOUNT'
  | 'NOT_TRADING'
  | 'RECONCILING'
  | 'LOCKED'
  | 'HALTED'
  | 'DISARMED'
  | 'STALE';

const CLOSED: Readonly<Record<Exclude<GateCode, 'NOT_TRADING'>, string>> = {
  DISCONNECTED: 'Trading process is not connected',
  NO_ACCOUNT: 'Watched only: no account for this instrument',
  RECONCILING: 'Comparing with the venue',
  LOCKED: 'Locked',
  HALTED: 'Halted: only exits are sent',
  DISARMED: 'Disarmed',
  STALE: 'Prices are stale',
};

function closed(code: keyof typeof CLOSED): EntryGate {
  return { open: false, code, reason: CLOSED[code] };
}

/** The gate for new orders of `account` on an instrument; what `trade` would refuse anyway is said before it is tried. */
export function entryGate(
  replica: AccountReplica,
  connected: boolean,
  account: AccountId | undefined,
  instrument: Instrument,
  data: DataState | undefined,
): EntryGate {
  if (!connected || !replica.synced) return closed('DISCONNECTED');
  const state = replica.accounts.find((candidate) => candidate.account === account);
  if (state === undefined) return closed('NO_ACCOUNT');
  const market = marketStatusWords(instrument);
  if (market !== undefined) {
    return { open: false, code: 'NOT_TRADING', reason: `${instrument.symbol} ${market.text}` };
  }
  if (state.tradingState === 'Halted') return closed('HALTED');
  if (state.tradingState === 'Locked') {
    return closed(state.reconciliation.state === 'Pending' ? 'RECONCILING' : 'LOCKED');
  }
  if (!replica.armed) return closed('DISARMED');
  if (data !== undefined && data !== 'Live') return closed('STALE');
  return { open: true, reducingOnly: state.tradingState === 'Reducing' };
}

/** The most restrictive trading state of all accounts: what the title bar shows. */
export function overallState(states: readonly TradingState[]): TradingState | undefined {
  const order: readonly TradingState[] = ['Halted', 'Locked', 'Reducing', 'Active'];
  return order.find((state) => states.includes(state));
}
