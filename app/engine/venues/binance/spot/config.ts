import type { Environment } from '../../../domain/identifiers.ts';

/** Where a Binance spot exchange is reached. `ws` and `wsApi` without a trailing slash. */
export interface BaseUrls {
  readonly http: string;
  /** Market streams; `/stream` is added. */
  readonly ws: string;
  /** WebSocket API, whole. */
  readonly wsApi: string;
}

/** Which Binance spot exchange; the only difference between them is what stands here. */
export interface BinanceSpotConfig {
  readonly environment: Environment;
  readonly urls: BaseUrls;
  /** False where `/sapi` does not exist and a key's rights cannot be read back. */
  readonly permissionsReadable: boolean;
}

/** Binance itself. */
export const LIVE: BinanceSpotConfig = {
  environment: 'live',
  urls: {
    http: 'https://api.binance.com',
    ws: 'wss://stream.binance.com:9443',
    wsApi: 'wss://ws-api.binance.com:443/ws-api/v3',
  },
  permissionsReadable: true,
};

/** Binance's public test exchange. */
export const TESTNET: BinanceSpotConfig = {
  environment: 'testnet',
  urls: {
    http: 'https://testnet.binance.vision',
    ws: 'wss://stream.testnet.binance.vision:9443',
    wsApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
  },
  permissionsReadable: false,
};

/** The sandbox at the addresses it printed. */
export function sandboxConfig(urls: BaseUrls): BinanceSpotConfig {
  return { environment: 'sandbox', urls, permissionsReadable: true };
}

/** Limits and times; milliseconds unless named otherwise. The only place a default is written. */
export const SETTINGS = {
  connectTimeoutMs: 10_000,
  /** The venue itself pings every 20 s only. */
  livenessMs: 5_000,
  pongWithinMs: 3_000,
  /** The venue cuts at 24 h. */
  rotateAfterMs: 23 * 3_600_000,
  overlapMs: 15_000,
  backoff: { firstMs: 500, maxMs: 30_000 },
  maxStreamMessageBytes: 4 * 1024 * 1024,
  maxAnswerBytes: 64 * 1024 * 1024,
  httpTimeoutMs: 10_000,
  orderTimeoutMs: 5_000,
  recvWindowMs: 5_000,
  /** After it a request with a refused timestamp is not sent again. With a turn in the queue and the venue's window it ends before an order is given up, 10 s after it was sent. */
  resendWithinMs: 2_000,
  /** Further attempts of a question after no answer or a 5xx. */
  getRetries: 2,
  getBackoff: { firstMs: 250, maxMs: 4_000 },
  /** Until exchangeInfo states it. */
  weightPerMinute: 6_000,
  queueLength: 1_000,
  orderMaxWaitMs: 2_000,
  cancelMaxWaitMs: 10_000,
  queryMaxWaitMs: 60_000,
  /** Longest time what the stream tells waits for a snapshot that is being taken. */
  holdMs: 3_000,
  /** Silence on a whole connection after which its instruments are stale. */
  staleAfterMs: 5_000,
  /** A quote this much older than the book's next change means that a change is missing; diffs come every 100 ms. */
  bookBehindAfterMs: 900,
  /** Silence of one instrument after which its book is checked against a snapshot. */
  bookCheckAfterMs: 60_000,
  /** Diffs older than the book in a row; with one every 100 ms the book is in doubt within a second. */
  oldDiffsInARow: 8,
  depthLevels: 1_000,
  resync: { firstMs: 250, maxMs: 30_000 },
  bufferedDiffs: 20_000,
  streamsPerConnection: 1_000,
  streamsPerRequest: 200,
  /** The venue takes 5 messages a second, pongs counted. */
  requestIntervalMs: 350,
} as const;
