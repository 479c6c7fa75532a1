import type { RecordedShape, RecordedWire } from '../../ports/feed-verification.ts';
import { readControl } from './public.ts';

const SYMBOL = /"symbol":"([^"]+)"/g;
const PRICE = /"(?:price|bid|open)":\d+(?:\.(\d+))?/g;
const QUANTITY = /"(?:qty|bid_qty|volume)":\d+(?:\.(\d+))?/g;

/** The decimals of a message's numbers: as they are written, or only those that are not zeros for all (`narrow`). */
function discover(text: string, narrow: boolean): readonly RecordedShape[] {
  const names = [...text.matchAll(SYMBOL)];
  return names.flatMap(({ 1: symbol, index }, at) => {
    const part = text.slice(index, names[at + 1]?.index);
    const price = decimalsOf(part, PRICE, narrow);
    const quantity = decimalsOf(part, QUANTITY, narrow);
    if (symbol === undefined || price === undefined || quantity === undefined) return [];
    return [
      {
        symbol,
        priceScale: price.scale,
        priceZeros: price.zeros,
        quantityScale: quantity.scale,
        quantityZeros: quantity.zeros,
      },
    ];
  });
}

/** Kraken prints every number of an instrument with as many decimals. */
function decimalsOf(
  part: string,
  pattern: RegExp,
  narrow: boolean,
): { readonly scale: number; readonly zeros: number } | undefined {
  const fractions = [...part.matchAll(pattern)].map(({ 1: fraction = '' }) => fraction);
  const [first] = fractions;
  if (first === undefined) return undefined;
  if (!narrow) return { scale: first.length, zeros: 0 };
  const scale = Math.max(...fractions.map((fraction) => fraction.replace(/0+$/, '').length));
  return { scale, zeros: first.length - scale };
}

function subscribedDepth(
  text: string,
): { readonly symbol: string; readonly depth: number } | undefined {
  if (!text.includes('"subscribe"') || !text.includes('"book"')) return undefined;
  const symbol = /"symbol":"([^"]+)"/.exec(text)?.[1];
  const depth = Number(/"depth":(\d+)/.exec(text)?.[1]);
  return symbol === undefined || Number.isNaN(depth) ? undefined : { symbol, depth };
}

/** Recordings of Kraken's spot WebSocket v2. */
export const KRAKEN_RECORDED: RecordedWire = {
  venue: 'KRAKEN',
  wire: 'kraken',
  truncates: true,
  usualDepth: 10,
  discover,
  subscribedDepth,
  isControl: (text) => readControl(text) !== undefined,
  checksum: (book, { priceZeros, quantityZeros }) => book.krakenChecksum(priceZeros, quantityZeros),
};
