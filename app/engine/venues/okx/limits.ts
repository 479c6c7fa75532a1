/** What OKX allows, and how soon its silence means something. */
export const LIMITS = {
  requestIntervalMs: 100,
  staleAfterMs: 10_000,
  /** The venue closes a connection on which nothing is said for 30 s. */
  keepAliveMs: 15_000,
  /** Most deep books that it recommends for one connection. */
  booksPerConnection: 25,
  barsPerConnection: 200,
  /** The strictest of the public questions that are asked. */
  rest: { requests: 18, windowMs: 2_000 },
} as const;
