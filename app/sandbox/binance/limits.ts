import { VenueRefusal } from './refusal.ts';

const MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 300_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;
const BAN_MS = 120_000;
// Requests over the limit after which an address is banned instead of told again.
const PATIENCE = 20;

/** The real venue's limits. */
const RATE_LIMITS = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50 },
  { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 160_000 },
  { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300_000 },
] as const;
const [WEIGHT, TEN_SECONDS, DAY, RAW] = RATE_LIMITS;
/** What an exchange says that limits nothing: a client that keeps its own account of what it may send is not held up by it. */
const UNREACHED = 1_000_000_000;

/** `venue` enforces the real venue's limits; `open` has none: it counts nothing and publishes limits nobody reaches. */
export type LimitsMode = 'venue' | 'open';

/** A counter that begins anew with each interval of the wall clock. */
class Window {
  readonly #lengthMs: number;
  #begin = -1;
  count = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  at(nowMs: number): this {
    const begin = Math.floor(nowMs / this.#lengthMs) * this.#lengthMs;
    if (begin !== this.#begin) {
      this.#begin = begin;
      this.count = 0;
    }
    return this;
  }

  endMs(): number {
    return this.#begin + this.#lengthMs;
  }
}

/** Request weights of the one address a loopback exchange sees, and order counts of its account. */
export class Limits {
  readonly #mode: LimitsMode;
  readonly #now: () => number;
  readonly #weight = new Window(MINUTE_MS);
  readonly #raw = new Window(FIVE_MINUTES_MS);
  readonly #tenSeconds = new Window(TEN_SECONDS_MS);
  readonly #day = new Window(DAY_MS);
  #overruns = 0;
  #bannedUntilMs = 0;

  constructor(mode: LimitsMode, now: () => number) {
    this.#mode = mode;
    this.#now = now;
  }

  /** What exchangeInfo says. */
  get published(): readonly unknown[] {
    return RATE_LIMITS.map((limit) => this.#stated(limit));
  }

  /** Charges a request; refuses with 429, and with 418 who does not listen. */
  charge(weight: number): void {
    if (this.#mode === 'open') return;
    const nowMs = this.#now();
    const used = this.#weight.at(nowMs);
    if (nowMs < this.#bannedUntilMs) throw this.#banned();
    if (used.count === 0) this.#overruns = 0;
    used.count += weight;
    const raw = this.#raw.at(nowMs);
    raw.count += 1;
    if (used.count <= WEIGHT.limit && raw.count <= RAW.limit) return;
    this.#overruns += 1;
    if (this.#overruns > PATIENCE) {
      this.#bannedUntilMs = nowMs + BAN_MS;
      throw this.#banned();
    }
    throw new VenueRefusal(
      -1003,
      `Too much request weight used; current limit is ${WEIGHT.limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`,
      429,
      { serverTime: nowMs, retryAfter: used.endMs() },
    );
  }

  /** Gives back the weight of a request that turned out to be free. */
  refund(weight: number): void {
    const used = this.#weight.at(this.#now());
    used.count = Math.max(0, used.count - weight);
  }

  /** Counts an order before it is placed. */
  countOrder(): void {
    if (this.#mode === 'open') return;
    const nowMs = this.#now();
    const short = this.#tenSeconds.at(nowMs);
    const long = this.#day.at(nowMs);
    if (short.count >= TEN_SECONDS.limit || long.count >= DAY.limit) {
      const [limit, unit, window] =
        short.count >= TEN_SECONDS.limit
          ? [TEN_SECONDS.limit, '10 SECOND', short]
          : [DAY.limit, '1 DAY', long];
      throw new VenueRefusal(
        -1015,
        `Too many new orders; current limit is ${limit} orders per ${unit}.`,
        429,
        { serverTime: nowMs, retryAfter: window.endMs() },
      );
    }
    short.count += 1;
    long.count += 1;
  }

  /** An order was filled: it no longer counts as unfilled. */
  orderFilled(): void {
    const nowMs = this.#now();
    for (const window of [this.#tenSeconds.at(nowMs), this.#day.at(nowMs)]) {
      window.count = Math.max(0, window.count - 1);
    }
  }

  /** Headers of every answer. */
  headers(withOrders: boolean): Record<string, string> {
    const nowMs = this.#now();
    const weight = { 'X-MBX-USED-WEIGHT-1M': String(this.#weight.at(nowMs).count) };
    if (!withOrders) return weight;
    return {
      ...weight,
      'X-MBX-ORDER-COUNT-10S': String(this.#tenSeconds.at(nowMs).count),
      'X-MBX-ORDER-COUNT-1D': String(this.#day.at(nowMs).count),
    };
  }

  /** `rateLimits` of a WebSocket API answer. */
  rateLimits(withOrders: boolean): unknown[] {
    const nowMs = this.#now();
    const weight = { ...this.#stated(WEIGHT), count: this.#weight.at(nowMs).count };
    return withOrders ? [...this.orderCounts(), weight] : [weight];
  }

  /** The account's unfilled-order counts. */
  orderCounts(): unknown[] {
    const nowMs = this.#now();
    return [
      { ...this.#stated(TEN_SECONDS), count: this.#tenSeconds.at(nowMs).count },
      { ...this.#stated(DAY), count: this.#day.at(nowMs).count },
    ];
  }

  #stated<T extends { readonly limit: number }>(limit: T): T {
    return this.#mode === 'venue' ? limit : { ...limit, limit: UNREACHED };
  }

  #banned(): VenueRefusal {
    return new VenueRefusal(
      -1003,
      `Way too much request weight used; IP banned until ${this.#bannedUntilMs}. Please use WebSocket Streams for live updates to avoid bans.`,
      418,
      { serverTime: this.#now(), retryAfter: this.#bannedUntilMs },
    );
  }
}
