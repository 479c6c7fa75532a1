/** What Bybit allows, and how soon its silence means something. */
export const LIMITS = {
  requestIntervalMs: 100,
  staleAfterMs: 10_000,
  /** The venue wants to hear something every 20 s. */
  keepAliveMs: 15_000,
  instrumentsPerConnection: 50,
  /** Most topics in a request; spot takes no more than ten. */
  topicsPerRequest: 10,
  /** 600 in five seconds of all kinds. */
  rest: { requests: 100, windowMs: 5_000 },
} as const;
