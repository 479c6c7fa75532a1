import { expect, test } from 'vitest';
import { err, ok, type Result } from '../base/result.ts';
import { instrumentId, venueId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketDataClient, VenueError } from '../ports/market-data-client.ts';
import { JoinedClient } from './joined-client.ts';

const OURS = venueId('BINANCE', 'sandbox');
const KRAKEN = venueId('KRAKEN', 'sandbox');

function named(symbol: string, venue: typeof OURS): Instrument {
  return { id: instrumentId(symbol, venue), symbol, venue } as Instrument;
}

/** Lists what it is given, and keeps what it is asked. */
class Listing implements MarketDataClient {
  readonly asked: string[] = [];
  answer: Result<readonly Instrument[], VenueError>;

  constructor(...instruments: readonly Instrument[]) {
    this.answer = ok(instruments);
  }

  async loadInstruments(): Promise<Result<readonly Instrument[], VenueError>> {
    return this.answer;
  }

  subscribe(instruments: readonly { readonly instrument: Instrument; readonly index: number }[]) {
    this.asked.push(...instruments.map(({ instrument, index }) => `${index} ${instrument.id}`));
  }

  unsubscribe(instruments: readonly Instrument['id'][]) {
    this.asked.push(...instruments.map((id) => `no ${id}`));
  }

  doubtBook(id: Instrument['id']) {
    this.asked.push(`doubt ${id}`);
  }

  async loadBars(instrument: Instrument) {
    this.asked.push(`bars ${instrument.id}`);
    return ok([]);
  }

  async [Symbol.asyncDispose]() {
    this.asked.push('disposed');
  }
}

const SILENT: VenueError = { code: 'HTTP_TIMEOUT', kind: 'Retryable', message: 'no answer' };

function setUp() {
  const bitcoin = named('BTCUSDT', OURS);
  const theirs = named('BTC-USD', KRAKEN);
  const first = new Listing(bitcoin);
  const other = new Listing(theirs, named('ETH-USD', KRAKEN));
  const watched = [{ venue: KRAKEN, client: other, symbols: ['BTC-USD', 'NONE'] }];
  return { bitcoin, theirs, first, other, joined: new JoinedClient(first, watched) };
}

test('each venue is asked for what is its own', async () => {
  const { bitcoin, theirs, first, other, joined } = setUp();
  expect(await joined.loadInstruments()).toEqual(ok([bitcoin, theirs]));
  joined.subscribe([
    { instrument: bitcoin, index: 0 },
    { instrument: theirs, index: 1 },
  ]);
  joined.doubtBook(theirs.id, 'crossed');
  await joined.loadBars(bitcoin, '1m', { limit: 1 });
  joined.unsubscribe([bitcoin.id, theirs.id]);
  await joined[Symbol.asyncDispose]();
  expect(first.asked).toEqual([
    `0 ${bitcoin.id}`,
    `bars ${bitcoin.id}`,
    `no ${bitcoin.id}`,
    'disposed',
  ]);
  expect(other.asked).toEqual([
    `1 ${theirs.id}`,
    `doubt ${theirs.id}`,
    `no ${theirs.id}`,
    'disposed',
  ]);
});

test('a venue that fails keeps nothing of the first from coming, and is as it was listed last', async () => {
  const { bitcoin, theirs, first, other, joined } = setUp();
  other.answer = err(SILENT);
  expect(await joined.loadInstruments()).toEqual(ok([bitcoin]));
  other.answer = ok([theirs]);
  await joined.listOthers();
  other.answer = err(SILENT);
  expect(await joined.loadInstruments()).toEqual(ok([bitcoin, theirs]));
  first.answer = err(SILENT);
  expect(await joined.loadInstruments()).toEqual(err(SILENT));
});
