import type { RestAnswer, RestRequest } from '../binance/rest.ts';
import type { Faults, Passing } from './faults.ts';
import { isTimeRefusal, objectOf } from './passing.ts';
import type { Fault, FaultKind } from './plan.ts';
import type { Rewriter } from './rewriter.ts';

const BEFORE: ReadonlySet<FaultKind> = new Set<FaultKind>(['rate-limit', 'ban']);
const AFTER: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'drop',
  'delay',
  'corrupt',
  'unavailable',
  'late-answer',
  'stale-snapshot',
]);
const PAGE: ReadonlySet<FaultKind> = new Set<FaultKind>(['partial-page']);

/** What becomes of an answer: nothing at all, or sent so much later. */
export interface RestFate {
  readonly answer: RestAnswer | undefined;
  readonly delayMs: number;
}

/** REST with faults on it. */
export class FaultyRest {
  readonly #faults: Faults;
  readonly #rewriter: Rewriter;

  constructor(faults: Faults, rewriter: Rewriter) {
    this.#faults = faults;
    this.#rewriter = rewriter;
  }

  /** Carries out a request with `run`, unless a fault is before it. */
  answer(request: RestRequest, run: () => RestAnswer): RestFate {
    const [path = '', query = ''] = request.url.split('?', 2);
    const name = `${request.method} ${path}`;
    const symbol = new URLSearchParams(query).get('symbol') ?? undefined;
    const passing: Passing = { on: 'rest', request: name, message: 'answer', symbol };
    if (this.#faults.idle('rest') && this.#rewriter.idle && this.#rewriter.skewMs === 0) {
      return { answer: run(), delayMs: 0 };
    }
    const refused = this.#faults.strike(passing, BEFORE);
    if (refused !== undefined) return { answer: this.#refusal(refused), delayMs: 0 };
    const answer = run();
    if (answer.status === 400 && isTimeRefusal(objectOf(answer.body))) {
      this.#faults.noteTimeRefused();
    }
    const fault = answer.status === 200 ? this.#faults.strike(passing, AFTER) : undefined;
    const stale = fault?.kind === 'stale-snapshot';
    const body = this.#shorten(passing, this.#rewriter.body(name, answer.body, stale));
    return struck(fault, { ...answer, body });
  }

  /** A page that lacks its last rows; one without rows is no page. */
  #shorten(passing: Passing, body: string): string {
    if (passing.request !== 'GET /api/v3/myTrades' || body === '[]') return body;
    const rows: unknown = JSON.parse(body);
    if (!Array.isArray(rows)) return body;
    const fault = this.#faults.strike(passing, PAGE);
    return fault === undefined ? body : JSON.stringify(rows.slice(0, -fault.missing));
  }

  #refusal(fault: Fault): RestAnswer {
    const seconds = Math.max(1, Math.ceil(this.#faults.hold(fault) / 1000));
    return {
      status: fault.kind === 'ban' ? 418 : 429,
      headers: { 'Content-Type': 'application/json;charset=UTF-8', 'Retry-After': String(seconds) },
      body: JSON.stringify({ code: -1003, msg: 'Too much request weight used.' }),
    };
  }
}

function struck(fault: Fault | undefined, answer: RestAnswer): RestFate {
  switch (fault?.kind) {
    case 'drop':
      return { answer: undefined, delayMs: 0 };
    case 'delay':
    case 'late-answer':
      return { answer, delayMs: fault.ms };
    case 'corrupt':
      return {
        answer: { ...answer, body: answer.body.slice(0, answer.body.length >> 1) },
        delayMs: 0,
      };
    case 'unavailable': {
      const body = JSON.stringify({ code: -1007, msg: 'Timeout waiting for response.' });
      return { answer: { ...answer, status: 503, body }, delayMs: 0 };
    }
    default:
      return { answer, delayMs: 0 };
  }
}
