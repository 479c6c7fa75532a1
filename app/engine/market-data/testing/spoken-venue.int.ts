import { Xoshiro128 } from '../../base/rng.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { StreamDataClient } from '../stream-client.ts';
import type { MarketDataSetup, WholeBook } from '../../ports/contract/market-data.contract.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { SystemTime } from '../../processes/system-time.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { systemClock } from '../../../sandbox/system-clock.ts';
import { openRoute } from '../../../sandbox/testing/route.ts';

const INSTRUMENT = 'BTCUSDT';
const WHOLE = 5_000;

/** The sandbox as a venue's client reaches it. */
export interface SpokenSetup extends MarketDataSetup {
  readonly sandbox: Sandbox;
  stopMarket(instrument: Instrument): Promise<WholeBook>;
  startMarket(): void;
}

/** A sandbox, and clients of it that speak as a venue does; `venueAt` is given where REST and streams are reached. */
export async function openSpoken(
  venueAt: (http: string, ws: string) => StreamVenue,
  about: Pick<MarketDataSetup, 'symbol' | 'kinds' | 'quotesNameUpdates'>,
): Promise<SpokenSetup> {
  const started = await createSandbox({ clock: systemClock(), seed: 11, port: 0, limits: 'open' });
  if (!started.ok) throw new Error(started.error.reason);
  const sandbox = started.value;
  const route = await openRoute(sandbox.port);
  const time = new SystemTime();
  const startMarket = (): void => sandbox.faults.clear();
  return {
    ...about,
    sandbox,
    client: (sink) =>
      new StreamDataClient({
        venue: venueAt(sandbox.url, route.url),
        clock: time,
        scheduler: time,
        rng: new Xoshiro128(1),
        sink,
      }),
    dropConnections: () => route.cut(),
    stopMarket: async (instrument) => {
      const plan = { faults: [{ kind: 'halt', symbol: INSTRUMENT }] };
      const set = sandbox.faults.set('a halt', JSON.stringify(plan));
      if (!set.ok) throw new Error(set.error.join('; '));
      return wholeBook(sandbox.url, instrument);
    },
    startMarket,
    [Symbol.asyncDispose]: async () => {
      route.close();
      await sandbox.close();
    },
  };
}

/** The book as the sandbox tells it over Binance's REST, which no other venue's client reads. */
async function wholeBook(url: string, instrument: Instrument): Promise<WholeBook> {
  const answer = await fetch(`${url}/api/v3/depth?symbol=${INSTRUMENT}&limit=${WHOLE}`);
  const { bids, asks } = (await answer.json()) as Record<'bids' | 'asks', [string, string][]>;
  const mantissa = (text: string, scale: number): number => {
    const parsed = parseDecimal(text, scale);
    if (!parsed.ok) throw new Error(`${text} at ${scale} decimals: ${parsed.error.code}`);
    return parsed.value;
  };
  const { priceScale, quantityScale } = instrument;
  const rows = (side: [string, string][]): [number, number][] =>
    side.map(([price, size]) => [mantissa(price, priceScale), mantissa(size, quantityScale)]);
  return { bids: rows(bids), asks: rows(asks) };
}
