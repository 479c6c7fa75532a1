import {
  instrumentId,
  parseInstrumentId,
  type InstrumentId,
  type VenueId,
} from '../../../domain/identifiers.ts';

/** The instrument the venue calls `symbol` (upper case, as in REST answers). */
export function instrumentOf(symbol: string, venue: VenueId): InstrumentId {
  return instrumentId(symbol, venue);
}

/** The venue's symbol of an instrument, for REST and the WebSocket API; absent when it belongs to another venue. */
export function symbolOf(instrument: InstrumentId, venue: VenueId): string | undefined {
  const parsed = parseInstrumentId(instrument);
  return parsed.ok && parsed.value.venue === venue ? parsed.value.symbol : undefined;
}

/** The streams one instrument needs: trades, best bid and offer, book changes, minute bars. Stream names are lower case. */
export function streamsOf(symbol: string): readonly string[] {
  const name = symbol.toLowerCase();
  return [`${name}@trade`, `${name}@bookTicker`, `${name}@depth@100ms`, `${name}@kline_1m`];
}
