import { isRecord } from '../../ports/wire-fields.ts';

/** The request weight of one minute: what the venue allows, and how much is used where it says so. */
export interface WeightPerMinute {
  readonly limit: number;
  readonly count: number | undefined;
}

/** Finds the weight of one minute in `rateLimits`, as exchangeInfo and the answers of the WebSocket API state it. */
export function weightPerMinute(limits: unknown): WeightPerMinute | undefined {
  if (!Array.isArray(limits)) return undefined;
  for (const stated of limits) {
    if (!isRecord(stated) || stated['rateLimitType'] !== 'REQUEST_WEIGHT') continue;
    const { interval, intervalNum, limit, count } = stated;
    if (interval !== 'MINUTE' || intervalNum !== 1 || typeof limit !== 'number') continue;
    return { limit, count: typeof count === 'number' ? count : undefined };
  }
  return undefined;
}
