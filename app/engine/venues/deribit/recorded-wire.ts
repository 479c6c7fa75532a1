import type { RecordedWire } from '../../ports/feed-verification.ts';
import { shapesNamed } from '../../ports/recorded-shapes.ts';
import { readControl } from './public.ts';

const NAMES = /"instrument_name":"([^"]+)"/g;
const WIDE = { price: 8, quantity: 8 };
/** For books with an order of a price or a size that is absurdly great. */
const NARROW = { price: 5, quantity: 4 };

/** Recordings of Deribit's WebSocket v2. */
export const DERIBIT_RECORDED: RecordedWire = {
  venue: 'DERIBIT',
  wire: 'deribit',
  truncates: false,
  usualDepth: 10_000,
  discover: (text, narrow) => shapesNamed(text, NAMES, narrow ? NARROW : WIDE),
  // Answers to requests, heartbeats.
  isControl: (text) => readControl(text) !== undefined,
};
