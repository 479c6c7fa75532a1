import { readFileSync } from 'node:fs';
import { accountId, venueId } from '../../../../domain/identifiers.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import { parseExchangeInfo } from '../parse/instruments.ts';

/** A hand-written message of `testdata/`. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
}

/** The sandbox venue of the tests. */
export const VENUE = venueId('BINANCE', 'sandbox');

/** The account of the tests. */
export const ACCOUNT = accountId(VENUE, 'main');

/** An instrument of the exchangeInfo fixture. */
export function fixtureInstrument(symbol: string): Instrument {
  const info = parseExchangeInfo(fixture('http_get_exchange_info'), VENUE);
  const found = info.ok ? info.value.instruments.find((one) => one.symbol === symbol) : undefined;
  if (found === undefined) throw new Error(`the fixture must hold ${symbol}`);
  return found;
}
