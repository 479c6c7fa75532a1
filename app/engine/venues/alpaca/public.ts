import type { ApiCredentials } from '../../ports/secret-store.ts';
import type { StreamControl, StreamLine } from '../../ports/stream-venue.ts';
import { objectsOf, wordsOf } from '../../ports/wire-fields.ts';
import { LIMITS } from './limits.ts';

/** Bars come when their minute is over, and once more when late trades change them. */
const CHANNELS = ['trades', 'quotes', 'bars', 'updatedBars'] as const;

/** What the venue's errors mean for who watches. */
const ERRORS: Readonly<Record<number, string>> = {
  400: 'it does not understand a request',
  401: 'it tells nothing before it knows the key',
  402: 'it does not accept the key',
  403: 'it knows the key already',
  404: 'the key did not come in time',
  405: 'the plan allows fewer symbols',
  406: 'another connection with this key stands: the plan allows one',
  407: 'messages were not taken fast enough',
  408: 'the account has no market data of this version',
  409: 'the plan does not include this feed',
  410: 'this feed does not have what was asked for',
  500: 'it failed',
};

/** Corrections, cancellations, halts, price bands: understood, and not shown. */
const UNSHOWN: ReadonlySet<unknown> = new Set(['c', 'x', 's', 'l']);

/** Market data of stocks: a key first, then a request for each symbol, so that one too many leaves the others. */
export function alpacaLine(url: string, { apiKey, secret }: ApiCredentials): StreamLine {
  const requests = (action: string, symbols: readonly string[]): readonly string[] =>
    symbols.map((symbol) => {
      const channels = CHANNELS.map((channel) => [channel, [symbol]] as const);
      return JSON.stringify({ action, ...Object.fromEntries(channels) });
    });
  return {
    name: 'market',
    url,
    books: true,
    instruments: LIMITS.instrumentsPerConnection,
    greeting: [JSON.stringify({ action: 'auth', key: apiKey, secret })],
    admits: true,
    alone: true,
    subscribe: (symbols) => requests('subscribe', symbols),
    unsubscribe: (symbols) => requests('unsubscribe', symbols),
    // Every quote is a whole book: there is nothing to ask for.
    renewBook: () => [],
  };
}

/** Answers to the key and to requests, errors, and what is not shown; a frame is a list. */
export function readControl(text: string): StreamControl | undefined {
  const controls = objectsOf(text)?.map(controlOf);
  if (controls === undefined || controls.includes(undefined)) return undefined;
  return controls.find((control) => control?.type !== 'Quiet') ?? { type: 'Quiet' };
}

function controlOf(event: Readonly<Record<string, unknown>>): StreamControl | undefined {
  const { T: type, msg: words, code } = event;
  if (type === 'error') {
    const meaning = typeof code === 'number' ? ERRORS[code] : undefined;
    const said = `${wordsOf(code)} ${typeof words === 'string' ? words : 'without words'}`;
    return {
      type: 'Refused',
      message: meaning === undefined ? said : `${said}: ${meaning}`,
    };
  }
  if (type === 'success') return { type: words === 'authenticated' ? 'Admitted' : 'Quiet' };
  return type === 'subscription' || UNSHOWN.has(type) ? { type: 'Quiet' } : undefined;
}
