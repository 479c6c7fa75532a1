import type { RawData } from 'ws';
import type { PeerSocket } from '../binance/session.ts';
import { rawText } from '../binance/ws-api.ts';
import type { ExchangeFaults } from './exchange-faults.ts';
import type { Faults, Passing } from './faults.ts';
import {
  apiPassing,
  isObject,
  isTimeRefusal,
  objectOf,
  readApiRequest,
  streamPassing,
  textOf,
  type ApiRequest,
  type Json,
} from './passing.ts';
import type { Fault, FaultKind } from './plan.ts';
import type { Rewriter } from './rewriter.ts';

const SENT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'drop',
  'delay',
  'duplicate',
  'reorder',
  'corrupt',
  'sequence-gap',
  'crossed-book',
  'half-open',
  'unavailable',
  'lost-acknowledgement',
  'late-answer',
  'duplicate-fill',
  'reject-after-ack',
  'session-end',
]);
/** What can strike a message that no crossed book can be made of. */
const SENT_UNCROSSED: ReadonlySet<FaultKind> = new Set(
  [...SENT].filter((kind) => kind !== 'crossed-book'),
);
const RECEIVED: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'slow-reads',
  'rate-limit',
  'ban',
  'fill-before-ack',
  'fill-during-replace',
  'cancel-race',
]);
const ENDING: ReadonlySet<FaultKind> = new Set<FaultKind>(['disconnect']);
/** A message that waits for the one behind it waits no longer. */
const LONGEST_REORDER_MS = 1000;
/** What comes after an acknowledgement by itself comes so much later. */
const AFTER_MS = 50;
const MOST_ASKED = 10_000;

/** What a faulty connection needs. */
export interface FaultySocketParts {
  readonly on: 'streams' | 'api';
  readonly faults: Faults;
  readonly exchange: ExchangeFaults;
  readonly rewriter: Rewriter;
  /** The machine's time, as faults count it. */
  nowMs(): number;
  /** What the exchange's clock says, for refusals. */
  venueMs(): number;
}

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** The reports and the answer of an order that wait for its first fill. */
interface Overtaken {
  readonly clientOrderId: string;
  readonly texts: string[];
}

/** A client's connection with faults on it: the exchange talks to it as to the client, the client as to the exchange. */
export class FaultySocket implements PeerSocket {
  readonly #socket: PeerSocket;
  readonly #parts: FaultySocketParts;
  readonly #asked = new Map<string, ApiRequest>();
  #due: Due[] = [];
  #swapped: (() => void) | undefined;
  #overtaken: Overtaken | undefined;
  #unheard: (() => void)[] = [];
  #readAgainMs = 0;
  #dead = false;

  constructor(socket: PeerSocket, parts: FaultySocketParts) {
    this.#socket = socket;
    this.#parts = parts;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  get OPEN(): number {
    return this.#socket.OPEN;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  ping(data: string): void {
    if (!this.#dead) this.#socket.ping(data);
  }

  close(code: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  pause(): void {
    this.#socket.pause();
  }

  on(event: 'message', listener: (data: RawData) => void): unknown;
  on(event: 'ping' | 'pong' | 'error' | 'close', listener: () => void): unknown;
  on(
    event: 'message' | 'ping' | 'pong' | 'error' | 'close',
    listener: ((data: RawData) => void) & (() => void),
  ): unknown {
    if (event !== 'message') return this.#socket.on(event, listener);
    return this.#socket.on('message', (data) => {
      if (!this.#dead) this.#receive(rawText(data), () => listener(data));
    });
  }

  /** Does what is due. */
  tick(): void {
    const nowMs = this.#parts.nowMs();
    const due = this.#due.filter(({ atMs }) => atMs <= nowMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > nowMs);
    for (const { run } of due) run();
    if (this.#unheard.length > 0 && nowMs >= this.#readAgainMs) {
      for (const hear of this.#unheard.splice(0)) hear();
    }
  }

  send(text: string): void {
    if (this.#dead) return;
    const { on, faults, rewriter } = this.#parts;
    const calm = faults.idle(on) && rewriter.idle && this.#overtaken === undefined;
    if (calm && on === 'streams') {
      this.#socket.send(text);
      return;
    }
    const message = objectOf(text);
    const request = on === 'api' ? this.#takeAsked(message) : undefined;
    if (on === 'api' && isTimeRefusal(message['error'])) faults.noteTimeRefused();
    const passing = on === 'api' ? apiPassing(message, request) : streamPassing(message);
    const written = rewriter.message(message, text);
    if (this.#overtake(message, request, written)) return;
    if (faults.strike(passing, ENDING) !== undefined) {
      this.#dead = true;
      this.#socket.terminate();
      return;
    }
    const crossing = crossed(message);
    const fault = faults.strike(passing, crossing === undefined ? SENT_UNCROSSED : SENT);
    if (fault === undefined) this.#pass(written);
    else if (fault.kind === 'crossed-book') this.#pass(crossing ?? written);
    else this.#struck(fault, message, request, written);
  }

  #pass(text: string): void {
    if (this.#dead) return;
    this.#socket.send(text);
    const swapped = this.#swapped;
    this.#swapped = undefined;
    swapped?.();
  }

  #struck(fault: Fault, message: Json, request: ApiRequest | undefined, text: string): void {
    switch (fault.kind) {
      case 'drop':
      case 'sequence-gap':
      case 'lost-acknowledgement':
        return;
      case 'delay':
      case 'late-answer':
        return this.#later(fault.ms, () => this.#pass(text));
      case 'duplicate':
      case 'duplicate-fill':
        this.#pass(text);
        return this.#pass(text);
      case 'reorder':
        return this.#reorder(text);
      case 'corrupt':
        // A control character is no part of any JSON text, wherever it stands.
        return this.#pass(
          `${text.slice(0, text.length >> 1)}\u0001${text.slice(text.length >> 1)}`,
        );
      case 'half-open':
        this.#dead = true;
        return this.#socket.pause();
      case 'unavailable':
        return this.#pass(unavailable(message));
      case 'reject-after-ack':
        this.#pass(text);
        return this.#later(AFTER_MS, () => this.#reject(request));
      case 'session-end': {
        const E = this.#parts.venueMs();
        this.#pass(JSON.stringify({ event: { e: 'eventStreamTerminated', E } }));
        this.#dead = true;
        return;
      }
      default:
        return this.#pass(text);
    }
  }

  #reorder(text: string): void {
    const before = this.#swapped;
    let sent = false;
    const send = (): void => {
      if (sent || this.#dead) return;
      sent = true;
      this.#socket.send(text);
    };
    this.#swapped = send;
    before?.();
    this.#later(LONGEST_REORDER_MS, send);
  }

  /** Holds back what an order's first fill overtakes; true when the message was taken. */
  #overtake(message: Json, request: ApiRequest | undefined, text: string): boolean {
    const held = this.#overtaken;
    if (held === undefined) return false;
    const event = isObject(message['event']) ? message['event'] : undefined;
    const own =
      event?.['c'] === held.clientOrderId ||
      request?.parameters['newClientOrderId'] === held.clientOrderId;
    if (!own) return false;
    if (event?.['x'] === 'TRADE') {
      this.#socket.send(text);
      this.#letGo(held);
      return true;
    }
    held.texts.push(text);
    return true;
  }

  #letGo(held: Overtaken): void {
    if (this.#overtaken !== held) return;
    this.#overtaken = undefined;
    for (const text of held.texts) this.#pass(text);
  }

  #reject(request: ApiRequest | undefined): void {
    const { exchange, rewriter } = this.#parts;
    const { symbol, newClientOrderId } = request?.parameters ?? {};
    const order = exchange.order(textOf(symbol) ?? '', undefined, newClientOrderId);
    if (order === undefined) return;
    rewriter.rejected(order.orderId);
    exchange.end(order);
  }

  #receive(text: string, hear: () => void): void {
    const { on, faults, exchange } = this.#parts;
    const request = readApiRequest(text);
    if (on === 'api') this.#remember(request);
    if (faults.idle(on)) return this.#hear(hear);
    const passing: Passing = {
      on,
      request: request.method,
      symbol: textOf(request.parameters['symbol']),
    };
    if (passing.request !== '') {
      const ending = faults.strike(passing, ENDING);
      if (ending !== undefined) {
        this.#dead = true;
        if (ending.executed) this.#hear(hear);
        this.#socket.terminate();
        return;
      }
    }
    const fault = faults.strike(passing, RECEIVED);
    switch (fault?.kind) {
      case 'slow-reads':
        this.#readAgainMs = this.#parts.nowMs() + fault.ms;
        break;
      case 'rate-limit':
      case 'ban':
        this.#socket.send(this.#refusal(fault, request.id));
        return;
      case 'fill-before-ack':
        this.#holdBack(fault, request);
        break;
      case 'fill-during-replace':
      case 'cancel-race': {
        const { orderId, origClientOrderId, cancelOrderId, cancelOrigClientOrderId } =
          request.parameters;
        const order = exchange.order(
          passing.symbol ?? '',
          orderId ?? cancelOrderId,
          origClientOrderId ?? cancelOrigClientOrderId,
        );
        if (order !== undefined) exchange.take(order, fault.part);
        break;
      }
      default:
    }
    this.#hear(hear);
  }

  /** Hands a message to the exchange, behind those it has not read yet. */
  #hear(hear: () => void): void {
    if (this.#unheard.length > 0 || this.#parts.nowMs() < this.#readAgainMs) {
      this.#unheard.push(hear);
    } else hear();
  }

  #holdBack(fault: Fault, { parameters }: ApiRequest): void {
    const held = { clientOrderId: textOf(parameters['newClientOrderId']) ?? '', texts: [] };
    this.#overtaken = held;
    this.#later(fault.ms, () => this.#letGo(held));
  }

  #refusal(fault: Fault, id: string): string {
    const serverTime = this.#parts.venueMs();
    const retryAfter = serverTime + this.#parts.faults.hold(fault);
    const status = fault.kind === 'ban' ? 418 : 429;
    const msg =
      fault.kind === 'ban'
        ? `Way too much request weight used; IP banned until ${retryAfter}.`
        : 'Too much request weight used.';
    const error = { code: -1003, msg, data: { serverTime, retryAfter } };
    return JSON.stringify({ id, status, error });
  }

  #later(ms: number, run: () => void): void {
    this.#due.push({ atMs: this.#parts.nowMs() + ms, run });
  }

  #remember(request: ApiRequest): void {
    const { method, parameters } = request;
    if (method === 'order.place' || method === 'order.cancelReplace') {
      const named = textOf(parameters['newClientOrderId']);
      if (named !== undefined) this.#parts.faults.noteOrder(named);
    }
    if (this.#asked.size < MOST_ASKED) this.#asked.set(request.id, request);
  }

  #takeAsked(message: Json): ApiRequest | undefined {
    if (!('id' in message)) return undefined;
    const id = String(message['id']);
    const request = this.#asked.get(id);
    this.#asked.delete(id);
    const status = Number(message['status']);
    const named = textOf(request?.parameters['newClientOrderId']);
    if (status >= 400 && status < 500 && named !== undefined) this.#parts.faults.forgetOrder(named);
    return request;
  }
}

/** A depth update whose best bid stands above what it says is asked; absent when it says nothing of asks. */
function crossed(message: Json): string | undefined {
  const data = isObject(message['data']) ? message['data'] : message;
  const { a: asks, b: bids } = data;
  if (!Array.isArray(asks) || !Array.isArray(bids)) return undefined;
  const level = asks.find((row) => Array.isArray(row) && Number(row[1]) > 0) as unknown;
  if (!Array.isArray(level)) return undefined;
  const made = { ...data, b: [...(bids as unknown[]), level] };
  return JSON.stringify('data' in message ? { ...message, data: made } : made);
}

/** The answer that leaves open whether the request was carried out. */
function unavailable(answer: Json): string {
  const error = {
    code: -1007,
    msg: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  };
  return JSON.stringify({ id: answer['id'], status: 503, error });
}
