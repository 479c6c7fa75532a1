import { Xoshiro128 } from '../../base/rng.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { StreamDataClient } from '../stream-client.ts';
import type { Clock } from '../../base/clock.ts';
import type { Rng } from '../../base/rng.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { MarketDataClient, MarketDataSink } from '../../ports/market-data-client.ts';
import type { FaultyMarketSetup } from '../../ports/contract/faulty-market-data.contract.ts';
import type { MarketDataSetup } from '../../ports/contract/market-data.contract.ts';
import type { WholeBook } from '../../ports/contract/market-recorder.contract.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { SystemTime } from '../../processes/system-time.ts';
import type { Differences } from '../../../sandbox/venue-differences.ts';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { systemClock } from '../../../sandbox/system-clock.ts';
import { openRoute } from '../../../sandbox/testing/route.ts';

const INSTRUMENT = 'BTCUSDT';
const WHOLE = 5_000;

type About = Pick<
  MarketDataSetup,
  'symbol' | 'kinds' | 'quotesNameUpdates' | 'quotedLevels' | 'provedLevels'
>;

/** What a client has of its process. */
interface ClientDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
}

/** A sandbox, and clients of it that speak as a venue of the stream client does; `venueAt` is given where REST and streams are reached. */
export function openSpoken(
  venueAt: (http: string, ws: string) => StreamVenue,
  about: About,
  differences?: Differences,
): Promise<FaultyMarketSetup> {
  return openSandboxMarket(
    (http, ws, deps, sink) => new StreamDataClient({ ...deps, venue: venueAt(http, ws), sink }),
    about,
    differences,
  );
}

/** A sandbox, and clients of it; `clientAt` is given where REST and streams are reached. */
export async function openSandboxMarket(
  clientAt: (http: string, ws: string, deps: ClientDeps, sink: MarketDataSink) => MarketDataClient,
  about: About,
  differences: Differences = new Map(),
): Promise<FaultyMarketSetup> {
  const started = await createSandbox({
    clock: systemClock(),
    seed: 11,
    port: 0,
    limits: 'open',
    differences,
  });
  if (!started.ok) throw new Error(started.error.reason);
  const sandbox = started.value;
  const route = await openRoute(sandbox.port);
  const time = new SystemTime();
  const startMarket = (): void => sandbox.faults.clear();
  const plan = (fault: object): void => {
    const set = sandbox.faults.set('a fault', JSON.stringify({ faults: [fault] }));
    if (!set.ok) throw new Error(set.error.join('; '));
  };
  return {
    ...about,
    client: (sink) =>
      clientAt(
        sandbox.url,
        route.url,
        { clock: time, scheduler: time, rng: new Xoshiro128(1) },
        sink,
      ),
    dropConnections: () => route.cut(),
    stopMarket: async (instrument) => {
      plan({ kind: 'halt', symbol: INSTRUMENT });
      return wholeBook(sandbox.url, instrument, about.quotedLevels ?? WHOLE);
    },
    startMarket,
    spoil: plan,
    struck: () => sandbox.faults.report().faults.at(-1)?.struck ?? 0,
    [Symbol.asyncDispose]: async () => {
      route.close();
      await sandbox.close();
    },
  };
}

/** The book as the sandbox tells it over Binance's REST, which no other venue's client reads. */
async function wholeBook(url: string, instrument: Instrument, depth: number): Promise<WholeBook> {
  const answer = await fetch(`${url}/api/v3/depth?symbol=${INSTRUMENT}&limit=${depth}`);
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
