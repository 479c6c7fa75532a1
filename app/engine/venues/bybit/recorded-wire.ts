import type { RecordedWire } from '../../ports/feed-verification.ts';
import { shapesNamed } from '../../ports/recorded-shapes.ts';
import { readControl } from './public.ts';

/** By a member, and of a bar by the topic alone. */
const NAMES = /(?:"(?:s|symbol)":"|"topic":"kline\.[^."]+\.)([^"]+)"/g;
const WIDE = { price: 8, quantity: 8 };
/** For books with an order of a price or a size that is absurdly great. */
const NARROW = { price: 5, quantity: 4 };

/** Recordings of Bybit's WebSocket v5. */
export const BYBIT_RECORDED: RecordedWire = {
  venue: 'BYBIT',
  wire: 'bybit',
  truncates: false,
  usualDepth: 1000,
  discover: (text, narrow) => shapesNamed(text, NAMES, narrow ? NARROW : WIDE),
  // Answers to requests; tickers that tell nothing that is read.
  isControl: (text) => readControl(text) !== undefined,
  // The venue's documentation does not promise it; its books of 50 levels and more keep to it.
  numbersChanges: true,
};
