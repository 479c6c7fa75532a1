import type { SessionStarted } from '../../domain/input.ts';
import { notionalScale, type Instrument } from '../../domain/instrument.ts';
import { GATE_SCALE } from '../../risk/denial.ts';
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
  // Effects of a replay are not carried out, so the timers that were running are asked for again.
  context.askTimers();
}

function identityOf(instrument: Instrument): string {
  const { venue, base, quote, priceScale, quantityScale } = instrument;
  return `${venue} ${base}/${quote} ${priceScale}/${quantityScale}`;
}

/** An instrument is new or its venue changed its rules. */
export function setInstrument(context: KernelContext, instrument: Instrument): void {
  const { state } = context;
  const known = state.instruments.get(instrument.id);
  if (known !== undefined && identityOf(known) !== identityOf(instrument)) {
    const message = `${instrument.id}: venue, assets and scales must stay ${identityOf(known)}, were made ${identityOf(instrument)}`;
    context.alert('Error', 'INSTRUMENT_IDENTITY_CHANGED', message);
    return;
  }
  if (notionalScale(instrument) > GATE_SCALE) {
    const message = `${instrument.id}: decimals of price and quantity together must be at most ${GATE_SCALE}, are ${notionalScale(instrument)}`;
    context.alert('Error', 'INSTRUMENT_UNSUPPORTED', message);
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
