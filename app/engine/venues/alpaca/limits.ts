/** What Alpaca allows, and how soon its silence means something. */
export const LIMITS = {
  requestIntervalMs: 50,
  /** On one exchange alone half a minute without any quote is no wonder; then the prices may be old. */
  staleAfterMs: 30_000,
  /** A key has one connection: it carries all that is watched, and the venue says what is too much for the plan (30 channels of trades and quotes on the free one). */
  instrumentsPerConnection: 10_000,
  /** 200 a minute, of all that use the account. */
  rest: { requests: 150, windowMs: 60_000 },
} as const;
