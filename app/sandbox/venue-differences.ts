import { err, ok, type Result } from '../engine/base/result.ts';
import type { Following } from './exchange/following-market.ts';

/** By how much the venues of the sandbox follow its exchange, by their names. */
export type Differences = ReadonlyMap<string, Following>;

/** `KRAKEN:80:+3`: 80 ms after, three ticks above. */
const DIFFERENCE =
  /^(BINANCE|KRAKEN|OKX|COINBASE|DERIBIT|BYBIT|ALPACA|BINANCE-USDM):(\d{1,4}):([+-]?\d{1,4})$/;

/** A stream that is further behind its snapshots is taken for one that was numbered anew. */
const MOST_TRADED_MS = 500;

/** Reads differences as they are written; the error names the first that is none. */
export function readDifferences(texts: readonly string[]): Result<Differences, string> {
  const differences = new Map<string, Following>();
  for (const text of texts) {
    const [, venue = '', delay, ticks] = DIFFERENCE.exec(text) ?? [];
    const following = { delayMs: Number(delay), offsetTicks: Number(ticks) };
    // Orders fill at its exchange's own prices, and its book begins with a snapshot of now.
    const { delayMs, offsetTicks } = following;
    const traded = venue === 'BINANCE' && (offsetTicks !== 0 || delayMs > MOST_TRADED_MS);
    if (venue === '' || traded || differences.has(venue)) {
      const form = `VENUE:MILLISECONDS:TICKS, each venue once, BINANCE to ${MOST_TRADED_MS} ms with 0 ticks`;
      return err(`${text}, expected ${form}`);
    }
    differences.set(venue, following);
  }
  return ok(differences);
}
