import { formatDecimal } from '../../domain/decimal.ts';
import { notionalScale, type Instrument } from '../../domain/instrument.ts';
import { GATE_SCALE } from '../../risk/denial.ts';
import type { KernelContext } from '../context.ts';

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

/** The venue has other rules for an instrument than it had. */
export function changeInstrument(context: KernelContext, instrument: Instrument): void {
  setInstrument(context, instrument);
  if (context.state.instruments.get(instrument.id) !== instrument) return;
  const { id, status, tickSize, stepSize, priceScale, quantityScale } = instrument;
  const tick = formatDecimal(tickSize, priceScale);
  const step = formatDecimal(stepSize, quantityScale);
  const message = `${id} is ${status}, tick ${tick}, step ${step}`;
  context.alert('Warning', 'INSTRUMENT_CHANGED', message);
}
