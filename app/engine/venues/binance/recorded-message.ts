import { isDecodable } from '../../native/compute/decode.ts';

/** An instrument as a recording writes it. */
export interface WireShape {
  readonly symbol: string;
  readonly priceScale: number;
  readonly quantityScale: number;
  /** False when the message showed no number: the scales are then wide enough and no more. */
  readonly seen: boolean;
}

const SYMBOL = /"s(?:ymbol)?":"([^"]+)"/;
const PRICE = /"(?:p|b|o)":"(\d+(?:\.\d+)?)"/;
const QUANTITY = /"(?:q|B|v)":"(\d+(?:\.\d+)?)"/;
const LEVEL = /\["(\d+(?:\.\d+)?)","(\d+(?:\.\d+)?)"/;
const LOOK_AT = 4_096;
// What Binance spot writes everywhere; for a message that shows no number.
const USUAL_SCALE = 8;

/** The instrument of a message and the decimals its numbers are written with; absent when it names none, or one that no decoder takes. */
export function discover(raw: Uint8Array, symbol?: string): WireShape | undefined {
  const text = startOf(raw);
  const named = symbol ?? SYMBOL.exec(text)?.[1];
  if (named === undefined || named === '') return undefined;
  const [, levelPrice, levelQuantity] = LEVEL.exec(text) ?? [];
  const price = levelPrice ?? PRICE.exec(text)?.[1];
  const quantity = levelQuantity ?? QUANTITY.exec(text)?.[1];
  const shape = {
    symbol: named,
    priceScale: decimals(price),
    quantityScale: decimals(quantity),
    seen: price !== undefined && quantity !== undefined,
  };
  return isDecodable(shape) ? shape : undefined;
}

/** Whose snapshot it is: by its own words or the request's; absent when neither says. */
export function symbolOfSnapshot(raw: Uint8Array, url: string | undefined): string | undefined {
  const asked = url === undefined ? null : /[?&]symbol=([^&]+)/.exec(url);
  return asked?.[1] ?? SYMBOL.exec(startOf(raw).slice(0, 200))?.[1];
}

/** Decimals as written: "61800.20" has 2. */
function decimals(text: string | undefined): number {
  if (text === undefined) return USUAL_SCALE;
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function startOf(raw: Uint8Array): string {
  const size = Math.min(LOOK_AT, raw.byteLength);
  return Buffer.from(raw.buffer, raw.byteOffset, size).toString('utf8');
}
