import { unreachable } from '../../base/invariant.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { UnixMicros } from '../../domain/time.ts';
import type { KernelContext } from '../context.ts';
import { doubtOf } from '../data-doubt.ts';
import type { QuoteRecord } from '../state.ts';

function save(context: KernelContext, record: QuoteRecord): void {
  const { quote, at, doubted } = record;
  context.state.quotes.set(quote.instrument, record);
  const trusted = !doubted && doubtOf(record) === undefined;
  const { bid, ask } = quote;
  context.gate.setQuote(quote.instrument, trusted ? bid : undefined, trusted ? ask : undefined, at);
}

/** Before its first quote. */
function nothingOf(instrument: InstrumentId, at: UnixMicros): QuoteRecord {
  return { quote: { instrument, tsEvent: at }, at, state: 'Live', doubted: true };
}

/** Takes a market event made at `at`: quotes serve collars, staleness and marks; positions are not published for them. */
export function onMarket(context: KernelContext, event: MarketEvent, at: UnixMicros): void {
  const { quotes, instruments } = context.state;
  if (!instruments.has(event.instrument)) return;
  const known = quotes.get(event.instrument);
  switch (event.type) {
    case 'QuoteChanged': {
      const { type: _type, ...quote } = event;
      const state = known?.state ?? 'Live';
      save(context, { ...known, quote, at, state, doubted: false });
      return;
    }
    case 'TradePrinted':
      return;
    case 'DataStateChanged': {
      const { crossed: _crossed, ...before } = known ?? nothingOf(event.instrument, context.now);
      const crossed = event.state === 'Resyncing' && event.reason === 'crossed';
      save(context, { ...before, state: event.state, ...(crossed && { crossed }) });
      return;
    }
    case 'DivergenceChanged': {
      const { divergence: _before, ...before } = known ?? nothingOf(event.instrument, context.now);
      const { divergence } = event;
      save(context, { ...before, ...(divergence !== undefined && { divergence }) });
      return;
    }
    default:
      unreachable(event);
  }
}
