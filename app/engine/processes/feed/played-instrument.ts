import { formatDecimal } from '../../domain/decimal.ts';
import {
  instrumentId,
  parseInstrumentId,
  venueId,
  type InstrumentId,
} from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { StoredInstrument } from '../../ports/stored-market.ts';
import { pastInstrument } from '../../venues/binance/recorded-instruments.ts';

/** The venue that a replay trades at, in simulation; instruments of others are watched. */
const TRADED = 'BINANCE';

/** The venue's name and the symbol of a stored instrument. */
function namesOf(id: InstrumentId): { readonly venue: string; readonly symbol: string } {
  const parsed = parseInstrumentId(id);
  if (!parsed.ok) throw new Error(`a stored instrument must have an id, was ${id}`);
  const [venue = ''] = parsed.value.venue.split('@');
  return { venue, symbol: parsed.value.symbol };
}

/** Instruments in the order of their numbers: those of the traded venue stand first, as trade expects them. */
export function tradedFirst(ids: readonly InstrumentId[]): readonly InstrumentId[] {
  const traded = ids.filter((id) => namesOf(id).venue === TRADED);
  return [...traded, ...ids.filter((id) => !traded.includes(id))];
}

/** The id in a replay of a stored instrument. */
export function playedId(stored: InstrumentId): InstrumentId {
  const { venue, symbol } = namesOf(stored);
  return instrumentId(symbol, venueId(venue, 'replay'));
}

/** The instrument of the environment `replay` that is played in place of a stored one, whatever environment that is of. */
export function playedInstrument(stored: StoredInstrument): Instrument {
  const { priceScale, quantityScale, tickSize = 1, stepSize = 1 } = stored;
  const { venue: name, symbol } = namesOf(stored.id);
  const venue = venueId(name, 'replay');
  if (name === TRADED) {
    return pastInstrument(symbol, { priceScale, quantityScale, tickSize, stepSize }, venue);
  }
  const [base = symbol, quote = symbol] = symbol.split(/[_-]/);
  const none = { minQuantity: '0', maxQuantity: '0', minNotional: '0' };
  return instrumentFrom(
    {
      symbol,
      base,
      quote,
      tick: formatDecimal(tickSize, priceScale),
      step: formatDecimal(stepSize, quantityScale),
      ...none,
      priceDecimals: priceScale,
      quantityDecimals: quantityScale,
      status: 'Closed',
    },
    venue,
  );
}
