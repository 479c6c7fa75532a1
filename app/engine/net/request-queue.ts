import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Scheduler } from './scheduler.ts';

/** Order of service; what stands first goes first when the budget is short. */
export const PRIORITIES = ['cancel', 'order', 'query', 'data'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Why a request never left. `retryAfterMs` is present when the venue or the budget named a time. */
export interface QueueError {
  readonly code: 'QUEUE_FULL' | 'QUEUE_TIMEOUT' | 'VENUE_BANNED' | 'QUEUE_CLOSED' | 'WITHDRAWN';
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** One request waiting for its turn. */
export interface QueuedRequest {
  readonly priority: Priority;
  readonly weight: number;
  /** Longest wait for the turn; afterwards the request is refused with QUEUE_TIMEOUT. */
  readonly maxWaitMs: number;
  /** Called when the request may leave: at once when the budget allows it. */
  run(): void;
  refuse(error: QueueError): void;
}

/** Share of the budget a priority may use; what is above it is kept for those before it. */
const SHARE: Readonly<Record<Priority, number>> = {
  cancel: 1,
  order: 0.95,
  query: 0.85,
  data: 0.7,
};

/** How a venue's weight budget is kept. */
export interface RequestQueueOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Weight allowed in one window, until the venue states its own. */
  readonly weightLimit: number;
  readonly windowMs: number;
  /** Most requests that may wait. */
  readonly maxLength: number;
}

interface Waiting {
  readonly request: QueuedRequest;
  readonly deadline: Disposable;
}

/** One weight budget of one venue and address: requests leave in order of priority, within the budget the venue counts on its own clock. */
export class RequestQueue implements Disposable {
  readonly #options: RequestQueueOptions;
  readonly #lanes: Record<Priority, Waiting[]> = { cancel: [], order: [], query: [], data: [] };
  #limit: number;
  #used = 0;
  #window = -1;
  #pausedUntilMs = 0;
  #bannedUntilMs = 0;
  #wake: Disposable | undefined;
  #closed = false;

  constructor(options: RequestQueueOptions) {
    this.#options = options;
    this.#limit = options.weightLimit;
  }

  /** Requests waiting now. */
  get length(): number {
    return PRIORITIES.reduce((sum, lane) => sum + this.#lanes[lane].length, 0);
  }

  /** Weight used in the present window, ours or as the venue last counted it. */
  get usedWeight(): number {
    this.#roll();
    return this.#used;
  }

  /** Weight allowed in one window. */
  get limit(): number {
    return this.#limit;
  }

  /** For how many milliseconds the venue wants to be asked nothing: after a 429 or a 418; 0 when it does not. */
  get silentMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#now(), this.#bannedUntilMs - this.#now());
  }

  /** The venue's own limit, learned from its instrument list. */
  setLimit(weightLimit: number): void {
    this.#limit = weightLimit;
    this.#drain();
  }

  /** What the venue says has been used in this window; the larger count wins. */
  observeUsed(weight: number): void {
    this.#roll();
    this.#used = Math.max(this.#used, weight);
  }

  /** After a 429: nothing leaves for `ms`; what waits keeps its place. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#now() + ms);
    this.#arm();
  }

  /** After a 418: nothing leaves for `ms`; what waits and what comes is refused. */
  ban(ms: number): void {
    this.#bannedUntilMs = Math.max(this.#bannedUntilMs, this.#now() + ms);
    this.#refuseAll(this.#bannedError());
  }

  /** Refuses what waits at one priority. */
  withdraw(priority: Priority, message: string): void {
    for (const { request, deadline } of this.#lanes[priority].splice(0)) {
      deadline[Symbol.dispose]();
      request.refuse({ code: 'WITHDRAWN', message });
    }
    this.#arm();
  }

  /** Runs the request now or when its turn comes, or refuses it. */
  submit(request: QueuedRequest): void {
    if (this.#closed) return request.refuse(closedError());
    if (this.#now() < this.#bannedUntilMs) return request.refuse(this.#bannedError());
    if (this.length >= this.#options.maxLength) {
      const message = `at most ${this.#options.maxLength} requests may wait`;
      return request.refuse({ code: 'QUEUE_FULL', message });
    }
    const waiting: Waiting = {
      request,
      deadline: this.#options.scheduler.setTimer(request.maxWaitMs, () => this.#expire(waiting)),
    };
    this.#lanes[request.priority].push(waiting);
    this.#drain();
  }

  /** As `submit`, for work that is awaited. */
  async schedule<T>(
    request: Pick<QueuedRequest, 'priority' | 'weight' | 'maxWaitMs'>,
    work: () => Promise<T>,
  ): Promise<Result<T, QueueError>> {
    const turn = await new Promise<Result<void, QueueError>>((resolve) => {
      this.submit({
        ...request,
        run: () => resolve(ok(undefined)),
        refuse: (error) => resolve(err(error)),
      });
    });
    return turn.ok ? ok(await work()) : turn;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#wake?.[Symbol.dispose]();
    this.#refuseAll(closedError());
  }

  #now(): number {
    return Math.floor(this.#options.clock.nowMicros() / 1000);
  }

  #roll(): void {
    const window = Math.floor(this.#now() / this.#options.windowMs);
    if (window === this.#window) return;
    this.#window = window;
    this.#used = 0;
  }

  #drain(): void {
    this.#roll();
    if (this.#now() >= this.#pausedUntilMs) {
      for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
        next.deadline[Symbol.dispose]();
        this.#used += next.request.weight;
        next.request.run();
      }
    }
    this.#arm();
  }

  #takeNext(): Waiting | undefined {
    for (const priority of PRIORITIES) {
      const first = this.#lanes[priority][0];
      if (first === undefined) continue;
      const budget = this.#limit * SHARE[priority];
      // A request heavier than its share alone goes when the window is untouched, or it would never go.
      const fits = this.#used + first.request.weight <= budget || this.#used === 0;
      return fits ? this.#lanes[priority].shift() : undefined;
    }
    return undefined;
  }

  #arm(): void {
    this.#wake?.[Symbol.dispose]();
    this.#wake = undefined;
    if (this.length === 0 || this.#closed) return;
    const { windowMs, scheduler } = this.#options;
    const windowEnd = (this.#window + 1) * windowMs;
    const at = this.#pausedUntilMs > this.#now() ? this.#pausedUntilMs : windowEnd;
    this.#wake = scheduler.setTimer(at - this.#now(), () => this.#drain());
  }

  #expire(waiting: Waiting): void {
    const lane = this.#lanes[waiting.request.priority];
    const index = lane.indexOf(waiting);
    if (index < 0) return;
    lane.splice(index, 1);
    const message = `no turn within ${waiting.request.maxWaitMs} ms, ${this.#used} of ${this.#limit} weight used`;
    waiting.request.refuse({ code: 'QUEUE_TIMEOUT', message });
    this.#drain();
  }

  #bannedError(): QueueError {
    const retryAfterMs = this.#bannedUntilMs - this.#now();
    const message = `the venue has banned this address for another ${Math.ceil(retryAfterMs / 1000)} s`;
    return { code: 'VENUE_BANNED', message, retryAfterMs };
  }

  #refuseAll(error: QueueError): void {
    for (const priority of PRIORITIES) {
      for (const { request, deadline } of this.#lanes[priority].splice(0)) {
        deadline[Symbol.dispose]();
        request.refuse(error);
      }
    }
    this.#arm();
  }
}

function closedError(): QueueError {
  return { code: 'QUEUE_CLOSED', message: 'the connection is shutting down' };
}
