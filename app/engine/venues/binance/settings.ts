/** Limits and times of all markets of Binance; milliseconds unless named otherwise. What differs stands in `BinanceMarket`. */
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
  /** Of ten questions for market data two may be asked again, and ten in a row. */
  retryBudget: { perRequest: 0.2, most: 10 },
  /** After so many failures in a row no market data is asked for: long enough to leave a venue alone, short enough for a book that waits. */
  circuit: { failures: 5, openFor: { firstMs: 1_000, maxMs: 15_000 } },
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
  streamsPerRequest: 200,
} as const;
