/** What Coinbase allows, and how soon its silence means something. */
export const LIMITS = {
  /** Eight messages a second and address, unsigned. */
  requestIntervalMs: 150,
  staleAfterMs: 10_000,
  /** One gap makes all books of a connection doubtful: few share one. */
  instrumentsPerConnection: 10,
  rest: { requests: 9, windowMs: 1_000 },
} as const;
