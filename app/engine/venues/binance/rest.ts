import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Rng } from '../../base/rng.ts';
import { Backoff } from '../../net/backoff.ts';
import { CircuitBreaker, type CircuitState } from '../../net/circuit-breaker.ts';
import type { HttpClient, HttpError, HttpResponse } from '../../net/http-client.ts';
import type { Priority, QueueError, RequestQueue } from '../../net/request-queue.ts';
import { RetryBudget } from '../../net/retry-budget.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../ports/secret-store.ts';
import { venueError, verdictOf } from './codes.ts';
import { queryString, signedQuery, type Params } from './signing.ts';
import { SETTINGS } from './settings.ts';
import { parseJson } from '../../net/json-body.ts';
import { isRecord } from '../../ports/wire-fields.ts';

/** A question of the REST interface, or a DELETE, which is sent once. Signed when `credentials` are given. */
export interface RestQuery {
  readonly method?: 'GET' | 'DELETE';
  readonly path: string;
  readonly params?: Params;
  readonly credentials?: ApiCredentials;
  readonly priority: Extract<Priority, 'cancel' | 'query' | 'data'>;
  readonly weight: number;
  /** Longest wait for the answer; `SETTINGS.httpTimeoutMs` when absent. */
  readonly timeoutMs?: number;
}

/** What the REST interface needs. */
export interface RestDeps {
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly queue: RequestQueue;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  /** Venue time in milliseconds. */
  readonly venueMs: () => number;
  /** Our time. */
  readonly clock: Clock;
  /** Called when the venue says that our time is off; resolves when it was measured again. */
  readonly onClockOff: () => Promise<void>;
}

/** Why a request never left. */
type UnsentError = Omit<QueueError, 'code'> & {
  readonly code: QueueError['code'] | 'VENUE_CIRCUIT_OPEN';
};

type Attempt = Result<Result<HttpResponse, HttpError>, UnsentError>;

/** What became of the requests so far. `refused`: they never left. */
export interface RestCounts {
  readonly requests: number;
  readonly failures: number;
  readonly refused: number;
  readonly lastFailed: boolean;
  readonly lastAnswerAt?: number;
}

/** The venue's REST interface: questions, and canceling all of a symbol. Single orders go through the WebSocket API. A venue that answers nothing is not asked for market data for a while: VENUE_CIRCUIT_OPEN; what proves an order's truth is asked always. */
export class RestApi {
  readonly #deps: RestDeps;
  readonly #circuit: CircuitBreaker;
  readonly #retries = new RetryBudget(SETTINGS.retryBudget);
  #counts: RestCounts = { requests: 0, failures: 0, refused: 0, lastFailed: false };

  constructor(deps: RestDeps) {
    this.#deps = deps;
    this.#circuit = new CircuitBreaker({ ...SETTINGS.circuit, clock: deps.clock, rng: deps.rng });
  }

  /** Whether the venue is asked for market data. */
  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  get counts(): RestCounts {
    return this.#counts;
  }

  /** The answer as bytes (a depth snapshot goes to the native decoder as it is). */
  async bytes(query: RestQuery): Promise<Result<Uint8Array, VenueError>> {
    const first = await this.#once(query);
    if (first.ok || first.error.code !== 'TIMESTAMP_OUTSIDE_WINDOW') return first;
    await this.#deps.onClockOff();
    return this.#once(query);
  }

  /** The answer as JSON. */
  async json(query: RestQuery): Promise<Result<unknown, VenueError>> {
    const answer = await this.bytes(query);
    return answer.ok ? parseJson(answer.value) : answer;
  }

  async #once(query: RestQuery): Promise<Result<Uint8Array, VenueError>> {
    const { method = 'GET', priority } = query;
    const isData = priority === 'data';
    if (isData) this.#retries.earn();
    const backoff = new Backoff(SETTINGS.getBackoff, this.#deps.rng);
    for (let left = method === 'GET' ? SETTINGS.getRetries : 0; ; left -= 1) {
      // Each attempt takes a turn of its own: a limit or a ban met meanwhile holds it too.
      const answer = isData ? await this.#guarded(query) : await this.#inTurn(query);
      if (!answer.ok) {
        this.#counts = { ...this.#counts, refused: this.#counts.refused + 1 };
        return err({ kind: 'Retryable', ...answer.error });
      }
      const sent = answer.value;
      const failed = hasFailed(sent);
      if (failed && left > 0 && (!isData || this.#retries.take())) {
        await this.#pause(backoff.next());
        continue;
      }
      this.#count(sent.ok && !failed);
      return sent.ok ? this.#read(sent.value) : err({ kind: 'Retryable', ...sent.error });
    }
  }

  #inTurn(query: RestQuery): Promise<Attempt> {
    const { priority, weight } = query;
    const turn = { priority, weight, maxWaitMs: SETTINGS.queryMaxWaitMs };
    return this.#deps.queue.schedule(turn, () => this.#send(query));
  }

  async #guarded(query: RestQuery): Promise<Attempt> {
    const retryAfterMs = this.#circuit.enter();
    if (retryAfterMs !== undefined) {
      const message = `${query.path} was not asked: the venue answers nothing`;
      return err({ code: 'VENUE_CIRCUIT_OPEN', message, retryAfterMs });
    }
    const answer = await this.#inTurn(query);
    if (!answer.ok) this.#circuit.settle('Unsent');
    else if (hasFailed(answer.value)) this.#circuit.settle('Failed');
    else this.#circuit.settle(answer.value.ok ? 'Answered' : 'Unsent');
    return answer;
  }

  /** Sends it once; signed anew each time, for signatures age. */
  #send(query: RestQuery): Promise<Result<HttpResponse, HttpError>> {
    const { method = 'GET' } = query;
    return this.#deps.http.once({ ...this.#build(query), method });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#deps.scheduler.setTimer(ms, resolve);
    });
  }

  #count(answered: boolean): void {
    const { requests, failures, ...rest } = this.#counts;
    this.#counts = {
      ...rest,
      requests: requests + 1,
      failures: failures + (answered ? 0 : 1),
      lastFailed: !answered,
      ...(answered ? { lastAnswerAt: this.#deps.clock.nowMicros() } : {}),
    };
  }

  #build({ path, params = {}, credentials, timeoutMs }: RestQuery) {
    const { baseUrl, venueMs } = this.#deps;
    const query =
      credentials === undefined
        ? queryString(params)
        : signedQuery(
            { ...params, recvWindow: SETTINGS.recvWindowMs, timestamp: Math.floor(venueMs()) },
            credentials,
          );
    return {
      url: `${baseUrl}${path}${query === '' ? '' : `?${query}`}`,
      headers: credentials === undefined ? {} : { 'X-MBX-APIKEY': credentials.apiKey },
      timeoutMs: timeoutMs ?? SETTINGS.httpTimeoutMs,
    };
  }

  #read({ status, headers, body }: HttpResponse): Result<Uint8Array, VenueError> {
    const { queue } = this.#deps;
    const used = Number(headers.get('x-mbx-used-weight-1m') ?? 0);
    if (Number.isFinite(used)) queue.observeUsed(used);
    if (status >= 200 && status < 300) return ok(body);
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    const { code, message } = readError(body);
    obeyLimits(queue, status, code, retryAfterMs);
    return err(venueError(status, code, message, retryAfterMs));
  }
}

/** No answer, or one that says that the server has none. */
function hasFailed(sent: Result<HttpResponse, HttpError>): boolean {
  return sent.ok ? sent.value.status >= 500 : sent.error.code !== 'HTTP_ABORTED';
}

// Their time is told by a clock that we know to some milliseconds: a request at its very end may be refused again.
const CLOCK_MARGIN_MS = 100;

/** Holds or stops the queue as a 429 or 418 demands; without a time, for the rest of a minute or two. */
export function obeyLimits(
  queue: RequestQueue,
  status: number,
  code: number | undefined,
  retryAfterMs: number | undefined,
): void {
  const verdict = verdictOf(status, code);
  if (verdict === 'Banned') queue.ban((retryAfterMs ?? 120_000) + CLOCK_MARGIN_MS);
  if (verdict === 'Limited' && code !== -1015)
    queue.pause((retryAfterMs ?? 60_000) + CLOCK_MARGIN_MS);
}

function readError(body: Uint8Array): { code: number | undefined; message: string } {
  const parsed = parseJson(body);
  const fields = parsed.ok && isRecord(parsed.value) ? parsed.value : {};
  const { code, msg } = fields;
  return {
    code: typeof code === 'number' ? code : undefined,
    message: typeof msg === 'string' ? msg : 'no message of the venue',
  };
}
