import { StreamVerifier } from '../engine/market-data/stream-verifier.ts';
import type { FeedVerifier, RecordedWire } from '../engine/ports/feed-verification.ts';
import { BinanceVerifier } from '../engine/venues/binance/verify.ts';
import { BYBIT_V2_RECORDED } from '../engine/venues/bybit/recorded-v2.ts';
import { BYBIT_RECORDED } from '../engine/venues/bybit/recorded-wire.ts';
import { COINBASE_EXCHANGE_RECORDED } from '../engine/venues/coinbase/recorded-exchange.ts';
import { COINBASE_RECORDED } from '../engine/venues/coinbase/recorded-wire.ts';
import { DERIBIT_RECORDED } from '../engine/venues/deribit/recorded-wire.ts';
import { HYPERLIQUID_RECORDED } from '../engine/venues/hyperliquid/recorded-wire.ts';
import { KRAKEN_FUTURES_RECORDED } from '../engine/venues/kraken-futures/recorded-wire.ts';
import { KRAKEN_V1_RECORDED } from '../engine/venues/kraken/recorded-v1.ts';
import { KRAKEN_RECORDED } from '../engine/venues/kraken/recorded-wire.ts';
import { OKX_RECORDED } from '../engine/venues/okx/recorded-wire.ts';
import {
  importBinance,
  importStream,
  type ImportReport,
  type OpenKeeper,
  type OpenRecording,
} from './import-recording.ts';

const BINANCE = ['binance', 'binance-usdm', 'binance-coinm'] as const;

const STREAMS = {
  kraken: KRAKEN_RECORDED,
  'kraken-v1': KRAKEN_V1_RECORDED,
  'kraken-futures': KRAKEN_FUTURES_RECORDED,
  okx: OKX_RECORDED,
  deribit: DERIBIT_RECORDED,
  coinbase: COINBASE_RECORDED,
  'coinbase-exchange': COINBASE_EXCHANGE_RECORDED,
  bybit: BYBIT_RECORDED,
  'bybit-v2': BYBIT_V2_RECORDED,
  hyperliquid: HYPERLIQUID_RECORDED,
} as const satisfies Readonly<Record<string, RecordedWire>>;

/** Whose recordings are read, and in which of their forms. */
export type RecordedVenue = (typeof BINANCE)[number] | keyof typeof STREAMS;

/** Every one of them. */
export const RECORDED_VENUES: readonly RecordedVenue[] = [
  ...BINANCE,
  ...(Object.keys(STREAMS) as (keyof typeof STREAMS)[]),
];

/** Keeps a recording of that venue. */
export function importRecording(
  venue: RecordedVenue,
  open: OpenRecording,
  keeper: OpenKeeper,
): Promise<ImportReport> {
  switch (venue) {
    case 'binance':
    case 'binance-usdm':
    case 'binance-coinm':
      return importBinance(open, keeper);
    default:
      return importStream(STREAMS[venue], open, keeper);
  }
}

/** What reads a recording of that venue; `statesAt` are update ids of Binance books. */
export function verifierOf(venue: RecordedVenue, statesAt?: readonly number[]): FeedVerifier {
  switch (venue) {
    case 'binance':
    case 'binance-usdm':
    case 'binance-coinm':
      return new BinanceVerifier(venue, statesAt);
    default:
      return new StreamVerifier(STREAMS[venue]);
  }
}
