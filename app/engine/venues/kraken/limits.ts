/** What Kraken allows, and how soon its silence means something. */
export const LIMITS = {
  requestIntervalMs: 50,
  staleAfterMs: 10_000,
  /** Public questions: about one a second and address. */
  rest: { requests: 15, windowMs: 15_000 },
} as const;
