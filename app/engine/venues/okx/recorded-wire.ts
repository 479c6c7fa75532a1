import type { RecordedWire } from '../../ports/feed-verification.ts';
import { shapesNamed } from '../../ports/recorded-shapes.ts';
import { readControl } from './public.ts';

const NAMES = /"instId":"([^"]+)"/g;
const WIDE = { price: 8, quantity: 8 };
/** For books with an order of a price or a size that is absurdly great. */
const NARROW = { price: 5, quantity: 4 };

/** Recordings of OKX's WebSocket v5. */
export const OKX_RECORDED: RecordedWire = {
  venue: 'OKX',
  wire: 'okx',
  truncates: false,
  usualDepth: 400,
  discover: (text, narrow) => shapesNamed(text, NAMES, narrow ? NARROW : WIDE),
  isControl: (text) => readControl(text) !== undefined,
  checksum: (book, { priceScale, quantityScale }) => book.okxChecksum(priceScale, quantityScale),
};
