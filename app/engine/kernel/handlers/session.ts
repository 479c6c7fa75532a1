import type { SessionStarted } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { KernelContext } from '../context.ts';
import { lockUntilReconciled } from './reconcile.ts';

/** A start or restart: what was known stays, every account is Locked and disconnected, nothing is armed, requests in flight are Unknown. */
export function onSessionStarted(context: KernelContext, input: SessionStarted): void {
  const { state, gate } = context;
  if (state.session !== input.session) state.counters = state.noCounts();
  state.session = input.session;
  state.idPrefix = input.idPrefix;
  state.nextId = 1;
  state.limits = input.limits;
  gate.setLimits(input.limits);
  for (const instrument of input.instruments) setInstrument(context, instrument);
  doubtQuotes(context);
  const why = 'not connected since the start';
  for (const account of input.accounts) {
    const known = state.accounts.get(account);
    const record = known ?? {
      account,
      tradingState: 'Locked',
      connected: false,
      reconciliation: { state: 'Pending', differences: [why] },
      since: context.now,
      history: [],
      requestId: 0,
      suspected: [],
    };
    lockUntilReconciled(context, record, false, why);
  }
  // Effects of a replay are not carried out, so the timers that were running are asked for again.
  context.askTimers();
}

/** An instrument is new or its venue changed its rules. */
export function setInstrument(context: KernelContext, instrument: Instrument): void {
  const { state } = context;
  const known = state.instruments.get(instrument.id);
  const rescaled =
    known !== undefined &&
    (known.priceScale !== instrument.priceScale ||
      known.quantityScale !== instrument.quantityScale);
  if (rescaled) {
    const message = `${instrument.id}: scales must stay as they were in this session`;
    context.alert('Error', 'INSTRUMENT_SCALE_CHANGED', message);
    return;
  }
  state.instruments.set(instrument.id, instrument);
  context.gate.setInstrument(instrument);
}

/** Trusts no quote until the next one comes: no new exposure meanwhile. */
export function doubtQuotes(context: KernelContext): void {
  const { quotes } = context.state;
  for (const [instrument, record] of quotes) {
    quotes.set(instrument, { ...record, doubted: true });
    context.gate.setQuote(instrument, undefined, undefined, record.at);
  }
}
