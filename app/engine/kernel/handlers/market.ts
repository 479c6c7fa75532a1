import { unreachable } from '../../base/invariant.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { UnixMicros } from '../../domain/time.ts';
import type { KernelContext } from '../context.ts';
import type { QuoteRecord } from '../state.ts';

function save(context: KernelContext, record: QuoteRecord): void {
  const { quote, at, state, doubted } = record;
  context.state.quotes.set(quote.instrument, record);
  const trusted = state === 'Live' && !doubted;
  const { bid, ask } = quote;
  context.gate.setQuote(quote.instrument, trusted ? bid : undefined, trusted ? ask : undefined, at);
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
      save(context, { quote, at, state, doubted: false });
      return;
    }
    case 'TradePrinted':
      return;
    case 'DataStateChanged': {
      const empty = { instrument: event.instrument, tsEvent: context.now };
      const before = known ?? { quote: empty, at: context.now, doubted: true };
      save(context, { ...before, state: event.state });
      return;
    }
    default:
      unreachable(event);
  }
}
