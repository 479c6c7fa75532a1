/** What Deribit allows, and how soon its silence means something. */
export const LIMITS = {
  /** 3,000 credits a subscription of 10,000 a second. */
  requestIntervalMs: 350,
  /** Options may be quiet for long: the heartbeat alone says that the connection stands. */
  staleAfterMs: 30_000,
  /** Seconds between two heartbeats; 10 at least. */
  heartbeatSeconds: 10,
  instrumentsPerConnection: 100,
  /** The list of all instruments costs what a second allows. */
  rest: { requests: 5, windowMs: 5_000 },
} as const;
