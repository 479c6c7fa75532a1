import type { Result } from '../../base/result.ts';
import { decimalsOf, formatDecimal } from '../../domain/decimal.ts';
import { instrumentId, type AssetCode, type VenueId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { price, quantity } from '../../domain/price.ts';
import { MAX_SYMBOL_BYTES } from '../../native/compute/decode.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import type { RecordingSurvey } from '../../ports/recorded-market.ts';
import { symbolOfSnapshot } from './recorded-message.ts';

/** Decimals Binance writes at most. */
const WRITTEN_SCALE = 8;
const ASSET_SCALE = 8;
const MIN_NOTIONAL_UNITS = 5n;
/** Quote assets, longest first, by which a symbol is split. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'USD'];
const SNAPSHOT_START = '{"lastUpdateId"';
const SYMBOL = /"s":"([^"]+)"/;
const LEVELS = /\["(\d+(?:\.\d+)?)","(\d+(?:\.\d+)?)"/g;
const QUOTE = /"b":"([\d.]+)","B":"([\d.]+)","a":"([\d.]+)","A":"([\d.]+)"/;
const TRADE = /"e":"(?:trade|aggTrade)"/;
const TRADE_PRICE = /"p":"(\d+(?:\.\d+)?)"/;
const TRADE_QUANTITY = /"q":"(\d+(?:\.\d+)?)"/;
/** Problems that are told one by one; a file that is no recording has as many as lines. */
const MOST_PROBLEMS = 100;

interface Grid {
  price: bigint;
  quantity: bigint;
  /** Of trades alone: levels may still hold orders from before the venue made its step coarser. */
  traded: bigint;
}

function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function mantissa(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, WRITTEN_SCALE).padEnd(WRITTEN_SCALE, '0'));
}

function symbolOf(text: string, { raw, url }: WireLine): string | undefined {
  return text.startsWith(SNAPSHOT_START) ? symbolOfSnapshot(raw, url) : SYMBOL.exec(text)?.[1];
}

/** The greatest common measure of `measure` and what is written; a remainder test is cheaper than a gcd. */
function common(measure: bigint, value: bigint): bigint {
  return measure !== 0n && value % measure === 0n ? measure : gcd(measure, value);
}

function widen(grid: Grid, px: string, qty: string): void {
  grid.price = common(grid.price, mantissa(px));
  grid.quantity = common(grid.quantity, mantissa(qty));
}

function measure(grid: Grid, text: string): void {
  for (const [, px = '', qty = ''] of text.matchAll(LEVELS)) widen(grid, px, qty);
  const [, bid, bidQuantity, ask, askQuantity] = QUOTE.exec(text) ?? [];
  if (bid !== undefined && bidQuantity !== undefined) widen(grid, bid, bidQuantity);
  if (ask !== undefined && askQuantity !== undefined) widen(grid, ask, askQuantity);
  if (!TRADE.test(text)) return;
  const px = TRADE_PRICE.exec(text)?.[1];
  const qty = TRADE_QUANTITY.exec(text)?.[1];
  if (px === undefined || qty === undefined) return;
  widen(grid, px, qty);
  grid.traded = common(grid.traded, mantissa(qty));
}

/** Reads a recording once: which instruments it holds and, from the common measure of what is written, their ticks and steps (powers of ten). */
export async function surveyRecording(
  lines: AsyncIterable<Result<WireLine, { readonly message: string }>>,
  venue: VenueId,
): Promise<RecordingSurvey> {
  const grids = new Map<string, Grid>();
  const problems: string[] = [];
  let firstNanos: bigint | undefined;
  let lastNanos = 0n;
  let messages = 0;
  let symbol: string | undefined;
  const tell = (problem: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  for await (const line of lines) {
    if (!line.ok) {
      tell(line.error.message);
      continue;
    }
    if (line.value.kind !== 'Received' && line.value.kind !== 'Answer') continue;
    const { raw, receivedNanos, file, line: number } = line.value;
    if (receivedNanos === 0n) {
      tell(`${file} line ${number}: it must begin with the time it was received to be replayed`);
      continue;
    }
    messages += 1;
    firstNanos ??= receivedNanos;
    lastNanos = receivedNanos;
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
    symbol = symbolOf(text, line.value) ?? symbol;
    if (symbol === undefined) continue;
    const grid = grids.get(symbol) ?? { price: 0n, quantity: 0n, traded: 0n };
    grids.set(symbol, grid);
    measure(grid, text);
  }
  const instruments: Instrument[] = [];
  for (const [name, grid] of grids) {
    if (Buffer.byteLength(name) > MAX_SYMBOL_BYTES) {
      problems.push(`${name}: a symbol has at most ${MAX_SYMBOL_BYTES} bytes; it is left out`);
    } else if (grid.price > 0n && grid.quantity > 0n)
      instruments.push(instrumentOf(name, grid, venue));
    else problems.push(`${name}: no trade, quote or level tells its prices; it is left out`);
  }
  return {
    instruments,
    firstNanos: firstNanos ?? 0n,
    lastNanos,
    messages,
    problems,
  };
}

/** A step in units of `scale`: the greatest power of ten in the common measure, since few prices may share more than the venue's tick. */
function stepAt(measured: bigint, scale: number): number {
  let step = 10n ** BigInt(WRITTEN_SCALE - scale);
  while (measured % (step * 10n) === 0n && step < 10n ** BigInt(WRITTEN_SCALE)) step *= 10n;
  return Number(step / 10n ** BigInt(WRITTEN_SCALE - scale));
}

function instrumentOf(symbol: string, grid: Grid, venue: VenueId): Instrument {
  const priceScale = decimalsOf(formatDecimal(grid.price, WRITTEN_SCALE));
  const quantityScale = decimalsOf(formatDecimal(grid.quantity, WRITTEN_SCALE));
  const stepSize = stepAt(grid.traded === 0n ? grid.quantity : grid.traded, quantityScale);
  const tickSize = stepAt(grid.price, priceScale);
  return pastInstrument(symbol, { priceScale, quantityScale, tickSize, stepSize }, venue);
}

/** An instrument of the past, of which only the steps (mantissas at the scales) are known. */
export function pastInstrument(
  symbol: string,
  steps: {
    readonly priceScale: number;
    readonly quantityScale: number;
    readonly tickSize: number;
    readonly stepSize: number;
  },
  venue: VenueId,
): Instrument {
  const { priceScale, quantityScale } = steps;
  const quote = QUOTES.find((name) => symbol.endsWith(name)) ?? '';
  const tickSize = price(steps.tickSize);
  const stepSize = quantity(steps.stepSize);
  return {
    id: instrumentId(symbol, venue),
    venue,
    symbol,
    base: symbol.slice(0, symbol.length - quote.length) as AssetCode,
    quote: (quote === '' ? symbol : quote) as AssetCode,
    baseScale: ASSET_SCALE,
    quoteScale: ASSET_SCALE,
    priceScale,
    quantityScale,
    tickSize,
    minPrice: tickSize,
    maxPrice: price(1_000_000 * 10 ** priceScale),
    stepSize,
    minQuantity: stepSize,
    maxQuantity: quantity(9_000_000 * 10 ** quantityScale),
    minNotional: MIN_NOTIONAL_UNITS * 10n ** BigInt(priceScale + quantityScale),
    // Contracts worth money of the quote side (BTCUSD_PERP) have another result than price x quantity: they are shown, not traded.
    status: quote === '' ? 'Closed' : 'Trading',
  };
}
