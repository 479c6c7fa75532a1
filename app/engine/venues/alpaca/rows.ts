import type { Result } from '../../base/result.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import { FieldReader } from '../../ports/wire-fields.ts';

/** The rows of one symbol in an answer `{NAME: {SYMBOL: [...]}, next_page_token}`; a symbol without any is left out by the venue. */
export function symbolRows(
  answer: unknown,
  name: string,
  symbol: string,
): Result<readonly unknown[], VenueError> {
  const reader = new FieldReader(answer, name);
  const whole = reader.finish(reader.raw(name));
  if (!whole.ok) return whole;
  const bySymbol = new FieldReader(whole.value, name);
  const rows = bySymbol.has(symbol) ? bySymbol.list(symbol) : [];
  return bySymbol.finish(rows);
}

/** True where an answer has further pages. */
export function hasNextPage(answer: unknown): boolean {
  return new FieldReader(answer, 'page').has('next_page_token');
}
