import type { Clock } from '../base/clock.ts';
import { err, type Result } from '../base/result.ts';
import type { Rng } from '../base/rng.ts';
import { Backoff } from '../net/backoff.ts';
import { CircuitBreaker, type CircuitOutcome, type CircuitState } from '../net/circuit-breaker.ts';
import { HttpClient, type Fetch } from '../net/http-client.ts';
import { parseJson } from '../net/json-body.ts';
import { RequestQueue } from '../net/request-queue.ts';
import { RetryBudget } from '../net/retry-budget.ts';
import type { Scheduler } from '../net/scheduler.ts';
import type { VenueError } from '../ports/market-data-client.ts';
import type { PublicQuestion, StreamVenue } from '../ports/stream-venue.ts';

/** What public questions need. */
export interface PublicRestDeps {
  readonly rest: StreamVenue['rest'];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly fetch?: Fetch;
  /** Whether the venue is asked, whenever that changes. */
  readonly onCircuit?: (state: CircuitState) => void;
}

const TIMEOUT_MS = 10_000;
const MOST_WAIT_MS = 60_000;
const QUEUE_LENGTH = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Further attempts after no answer or a 5xx. */
const RETRIES = 2;
const TRIED_AGAIN: ReadonlySet<string> = new Set([
  'HTTP_TIMEOUT',
  'HTTP_NETWORK',
  'VENUE_UNAVAILABLE',
]);
const RETRY_BACKOFF = { firstMs: 500, maxMs: 4_000 };
/** Of ten questions two may be asked again, and ten in a row. */
const RETRY_BUDGET = { perRequest: 0.2, most: 10 };
/** The venue is left alone when so many requests in a row were not answered. */
const CIRCUIT = { failures: 5, openFor: { firstMs: 2_000, maxMs: 60_000 } };
/** Errors of requests that never left. */
const UNSENT: ReadonlySet<string> = new Set([
  'QUEUE_FULL',
  'QUEUE_TIMEOUT',
  'QUEUE_CLOSED',
  'VENUE_BANNED',
  'WITHDRAWN',
  'HTTP_ABORTED',
]);
/** Pause after a 429 that names no time. */
const LIMITED_MS = 10_000;

/** A venue's public questions, within its limits; nothing is signed, what a venue wants to know of who asks goes with each. */
export class PublicRest implements Disposable {
  readonly #deps: PublicRestDeps;
  readonly #http: HttpClient;
  readonly #queue: RequestQueue;
  readonly #circuit: CircuitBreaker;
  readonly #retries = new RetryBudget(RETRY_BUDGET);

  constructor(deps: PublicRestDeps) {
    this.#deps = deps;
    const { clock, scheduler, fetch, rest, rng, onCircuit } = deps;
    this.#circuit = new CircuitBreaker({
      clock,
      rng,
      ...CIRCUIT,
      ...(onCircuit === undefined ? {} : { onChange: onCircuit }),
    });
    this.#http = new HttpClient({
      scheduler,
      maxBodyBytes: MOST_BYTES,
      ...(fetch === undefined ? {} : { fetch }),
    });
    this.#queue = new RequestQueue({
      clock,
      scheduler,
      weightLimit: rest.limit.requests,
      windowMs: rest.limit.windowMs,
      maxLength: QUEUE_LENGTH,
    });
  }

  /** The answer, read; errors of the network and of the server are tried again. A venue that answers nothing is not asked for a while: VENUE_CIRCUIT_OPEN. */
  async ask<T>(question: PublicQuestion<T>): Promise<Result<T, VenueError>> {
    const backoff = new Backoff(RETRY_BACKOFF, this.#deps.rng);
    this.#retries.earn();
    for (let left = RETRIES; ; left -= 1) {
      const answer = await this.#guarded(question);
      if (answer.ok || !TRIED_AGAIN.has(answer.error.code)) return answer;
      if (left === 0 || !this.#retries.take()) return answer;
      await new Promise<void>((resolve) => {
        this.#deps.scheduler.setTimer(backoff.next(), resolve);
      });
    }
  }

  [Symbol.dispose](): void {
    this.#queue[Symbol.dispose]();
  }

  async #guarded<T>(question: PublicQuestion<T>): Promise<Result<T, VenueError>> {
    const retryAfterMs = this.#circuit.enter();
    if (retryAfterMs !== undefined) {
      const message = `${question.path} was not asked: the venue answers nothing`;
      return err({ code: 'VENUE_CIRCUIT_OPEN', kind: 'Retryable', message, retryAfterMs });
    }
    const answer = await this.#once(question);
    this.#circuit.settle(outcomeOf(answer));
    return answer;
  }

  async #once<T>(question: PublicQuestion<T>): Promise<Result<T, VenueError>> {
    const { path, params, read } = question;
    const { rest } = this.#deps;
    const { headers: own = {} } = rest;
    const url = `${question.url ?? rest.url}${path}${queryOf(params)}`;
    const turn = { priority: 'data', weight: 1, maxWaitMs: MOST_WAIT_MS } as const;
    const request = { method: 'GET', url, headers: own, timeoutMs: TIMEOUT_MS } as const;
    const sent = await this.#queue.schedule(turn, () => this.#http.once(request));
    if (!sent.ok) return err({ kind: 'Retryable', ...sent.error });
    if (!sent.value.ok) return err({ kind: 'Retryable', ...sent.value.error });
    const { status, headers, body } = sent.value.value;
    if (status === 429) {
      const seconds = Number(headers.get('retry-after') ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : LIMITED_MS;
      this.#queue.pause(retryAfterMs);
      const message = `${path}: the venue was asked too often`;
      return err({ code: 'TOO_MANY_REQUESTS', kind: 'Retryable', message, retryAfterMs });
    }
    if (status >= 500) {
      const message = `${path} was answered with status ${status}`;
      return err({ code: 'VENUE_UNAVAILABLE', kind: 'Retryable', message });
    }
    const parsed = parseJson(body);
    const refusal = rest.refusal(status, parsed.ok ? parsed.value : undefined);
    if (refusal !== undefined) return err(refusal);
    return parsed.ok ? read(parsed.value) : parsed;
  }
}

function outcomeOf(answer: Result<unknown, VenueError>): CircuitOutcome {
  if (answer.ok) return 'Answered';
  const { code } = answer.error;
  if (TRIED_AGAIN.has(code)) return 'Failed';
  return UNSENT.has(code) ? 'Unsent' : 'Answered';
}

function queryOf(params: PublicQuestion<unknown>['params']): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
