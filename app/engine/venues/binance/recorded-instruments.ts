import { invariant } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import { decimalsOf, formatDecimal } from '../../domain/decimal.ts';
import { instrumentId, type AssetCode, type VenueId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { price, quantity } from '../../domain/price.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import type { RecordingSurvey } from '../../ports/recorded-market.ts';

/** Decimals Binance writes at most. */
const WRITTEN_SCALE = 8;
const ASSET_SCALE = 8;
const MIN_NOTIONAL_UNITS = 5n;
/** Quote assets, longest first, by which a symbol is split. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'USD'];
const SYMBOL = /"s":"([^"]+)"/;
const LEVELS = /\["(\d+(?:\.\d+)?)","(\d+(?:\.\d+)?)"/g;
const TRADE_PRICE = /"p":"(\d+(?:\.\d+)?)"/;
const TRADE_QUANTITY = /"q":"(\d+(?:\.\d+)?)"/;

interface Grid {
  price: bigint;
  quantity: bigint;
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

function widen(grid: Grid, px: string, qty: string): void {
  // Two equal steps are found by the first few levels; after that a remainder test is cheaper than a gcd.
  const p = mantissa(px);
  const q = mantissa(qty);
  if (grid.price === 0n || p % grid.price !== 0n) grid.price = gcd(grid.price, p);
  if (q !== 0n && (grid.quantity === 0n || q % grid.quantity !== 0n)) {
    grid.quantity = gcd(grid.quantity, q);
  }
}

/** Reads a recording once: which instruments it holds and, as the greatest common measure of what is written, their ticks and steps. */
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
  for await (const line of lines) {
    if (!line.ok) {
      problems.push(line.error.message);
      continue;
    }
    if (line.value.kind !== 'Received' && line.value.kind !== 'Answer') continue;
    const { raw, receivedNanos } = line.value;
    messages += 1;
    firstNanos ??= receivedNanos;
    lastNanos = receivedNanos;
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
    symbol = SYMBOL.exec(text)?.[1] ?? symbol;
    if (symbol === undefined) continue;
    const grid = grids.get(symbol) ?? { price: 0n, quantity: 0n };
    grids.set(symbol, grid);
    for (const [, px = '', qty = ''] of text.matchAll(LEVELS)) widen(grid, px, qty);
    const px = TRADE_PRICE.exec(text)?.[1];
    const qty = TRADE_QUANTITY.exec(text)?.[1];
    if (px !== undefined && qty !== undefined) widen(grid, px, qty);
  }
  return {
    instruments: [...grids].map(([name, grid]) => instrumentOf(name, grid, venue)),
    firstNanos: firstNanos ?? 0n,
    lastNanos,
    messages,
    problems,
  };
}

function instrumentOf(symbol: string, grid: Grid, venue: VenueId): Instrument {
  const priceScale = decimalsOf(formatDecimal(grid.price, WRITTEN_SCALE));
  const quantityScale = decimalsOf(formatDecimal(grid.quantity, WRITTEN_SCALE));
  const at = (value: bigint, scale: number): number => {
    const units = value / 10n ** BigInt(WRITTEN_SCALE - scale);
    invariant(units > 0n, `${symbol} must have prices and quantities`);
    return Number(units);
  };
  const quote = QUOTES.find((name) => symbol.endsWith(name)) ?? '';
  const tickSize = price(at(grid.price, priceScale));
  const stepSize = quantity(at(grid.quantity, quantityScale));
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
