import type { RecordedWire } from '../../ports/feed-verification.ts';
import { shapesNamed } from '../../ports/recorded-shapes.ts';
import { readControl, sequenceOf } from './public.ts';

const NAMES = /"product_id":"([^"]+)"/g;
const WIDE = { price: 8, quantity: 8 };
/** For books with an order of a price or a size that is absurdly great. */
const NARROW = { price: 5, quantity: 4 };

/** Recordings of Coinbase's Advanced Trade WebSocket. */
export const COINBASE_RECORDED: RecordedWire = {
  venue: 'COINBASE',
  wire: 'coinbase',
  truncates: false,
  usualDepth: 100_000,
  discover: (text, narrow) => shapesNamed(text, NAMES, narrow ? NARROW : WIDE),
  isControl: (text) => readControl(text) !== undefined,
  sequenceOf,
};
