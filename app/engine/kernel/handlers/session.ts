import type { SessionStarted } from '../../domain/input.ts';
import type { KernelContext } from '../context.ts';
import { carryIn, noteUncarried } from './carry.ts';
import { setInstrument } from './instrument.ts';
import { lockUntilReconciled } from './reconcile.ts';

/** A start or restart: what was known stays, every account is Locked and disconnected, nothing is armed, requests in flight are Unknown. */
export function onSessionStarted(context: KernelContext, input: SessionStarted): void {
  const { state, gate } = context;
  if (state.session !== input.session) state.counters = state.noCounts();
  state.session = input.session;
  state.idPrefix = input.idPrefix;
  state.nextId = 1;
  // Whoever starts has opened the journal, and tells again if it cannot be written.
  state.journal = undefined;
  state.rules = input.rules;
  state.limits = input.limits;
  gate.setLimits(input.limits);
  for (const { at } of input.carried ?? []) {
    if (at <= context.now) continue;
    state.skewMicros += at - context.now;
    state.now = at;
  }
  // Those of before first: what is held is counted in their scales, which must not change.
  const before = (input.carried ?? []).flatMap(({ instruments }) => instruments);
  for (const instrument of [...before, ...input.instruments]) setInstrument(context, instrument);
  doubtQuotes(context);
  for (const carried of input.carried ?? []) carryIn(context, carried);
  const why = 'not connected since the start';
  for (const account of new Set([...state.accounts.keys(), ...input.accounts])) {
    const known = state.accounts.get(account);
    const record = known ?? {
      account,
      tradingState: 'Locked',
      connected: false,
      reconciliation: { state: 'Pending', differences: [why] },
      since: context.now,
      history: [],
      requestId: 0,
      asked: [],
      suspected: [],
    };
    lockUntilReconciled(context, record, false, why);
  }
  for (const uncarried of input.uncarried ?? []) noteUncarried(context, uncarried);
  // Effects of a replay are not carried out, so the timers that were running are asked for again.
  context.askTimers();
}

/** Trusts no quote until the next one comes: no new exposure meanwhile. */
export function doubtQuotes(context: KernelContext): void {
  const { quotes } = context.state;
  for (const [instrument, record] of quotes) {
    quotes.set(instrument, { ...record, doubted: true });
    context.gate.setQuote(instrument, undefined, undefined, record.at);
  }
}
