import type { Rng } from '../../../../base/rng.ts';
import type { Scheduler } from '../../../../net/scheduler.ts';
import type { SocketOpener } from '../../../../net/socket.ts';
import { WebSocketClient, type Connection } from '../../../../net/web-socket-client.ts';
import type { Params } from '../../signing.ts';
import { SETTINGS } from '../../settings.ts';
import { parseJson } from '../../../../net/json-body.ts';
import { isRecord, wordsOf } from '../../../../ports/wire-fields.ts';
import { weightPerMinute } from '../../rate-limits.ts';

/** What became of one request of the WebSocket API. */
export type WsOutcome =
  | { readonly type: 'Answered'; readonly status: number; readonly result: unknown }
  | {
      readonly type: 'Failed';
      readonly status: number;
      readonly code: number | undefined;
      readonly message: string;
      /** Further facts of the error, e.g. both halves of a cancel-replace. */
      readonly data: unknown;
      /** How long the venue wants to be left alone. */
      readonly retryAfterMs: number | undefined;
    }
  /** It left, and no answer came: timed out, or the connection was lost. An answer after a timeout still follows. */
  | { readonly type: 'Lost'; readonly code: 'TIMEOUT' | 'DISCONNECTED' }
  /** It never left. */
  | { readonly type: 'NotSent' };

/** What the WebSocket API needs and whom it tells. */
export interface WsApiDeps {
  readonly url: string;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  /** For how many milliseconds the venue wants to be left alone. */
  readonly holdMs: () => number;
  /** A connection is open and wants its user data subscription. */
  onOpen(connection: Connection): void;
  onClose(connection: Connection, reason: string, current: boolean): void;
  /** An event of the user data stream. */
  onEvent(event: Readonly<Record<string, unknown>>, raw: Uint8Array): void;
  onUnknown(raw: Uint8Array): void;
  /** Weight used in this minute and allowed in one, as answers state them. */
  onWeight(used: number, limit: number): void;
}

interface Pending {
  readonly connection: Connection;
  readonly settle: (outcome: WsOutcome) => void;
  timer: Disposable | undefined;
}

/** Requests and answers over one WebSocket API connection. */
export class WsApi implements Disposable {
  readonly #deps: WsApiDeps;
  readonly #client: WebSocketClient;
  readonly #pending = new Map<string, Pending>();
  #opens = 0;
  #current: Connection | undefined;
  #nextId = 1;

  constructor(deps: WsApiDeps) {
    this.#deps = deps;
    const { url, scheduler, rng, open, holdMs } = deps;
    this.#client = new WebSocketClient({
      url,
      scheduler,
      rng,
      holdMs,
      ...(open === undefined ? {} : { open }),
      connectTimeoutMs: SETTINGS.connectTimeoutMs,
      livenessMs: SETTINGS.livenessMs,
      pongWithinMs: SETTINGS.pongWithinMs,
      rotateAfterMs: SETTINGS.rotateAfterMs,
      overlapMs: SETTINGS.overlapMs,
      maxMessageBytes: SETTINGS.maxStreamMessageBytes,
      backoff: SETTINGS.backoff,
      handlers: {
        onOpen: (connection) => {
          this.#opens += 1;
          deps.onOpen(connection);
        },
        onMessage: (data, connection) => this.#onMessage(data, connection),
        onClose: (connection, reason, current) => {
          this.#lose(connection);
          if (this.#current === connection) this.#current = undefined;
          deps.onClose(connection, reason, current);
        },
        onState: () => undefined,
      },
    });
  }

  start(): void {
    this.#client.start();
  }

  get state(): 'Connecting' | 'Connected' | 'Disconnected' {
    if (this.#current !== undefined) return 'Connected';
    return this.#client.state === 'Waiting' ? 'Disconnected' : 'Connecting';
  }

  /** Connections after the first. */
  get reconnects(): number {
    return Math.max(0, this.#opens - 1);
  }

  /** From now on requests go over this connection; an older one goes when it owes no answer any more. */
  use(connection: Connection): void {
    this.#current = connection;
    this.#letOlderGo();
  }

  /** Sends a request; `settle` is called at least once, and a second time when the answer comes after a timeout. */
  request(
    method: string,
    params: Params,
    settle: (outcome: WsOutcome) => void,
    connection = this.#current,
  ): void {
    const id = String(this.#nextId);
    this.#nextId += 1;
    const text = JSON.stringify({ id, method, params });
    if (connection === undefined || !connection.send(text)) return settle({ type: 'NotSent' });
    const pending: Pending = { connection, settle, timer: undefined };
    pending.timer = this.#deps.scheduler.setTimer(SETTINGS.orderTimeoutMs, () => {
      pending.timer = undefined;
      settle({ type: 'Lost', code: 'TIMEOUT' });
    });
    this.#pending.set(id, pending);
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
    for (const connection of new Set([...this.#pending.values()].map((one) => one.connection))) {
      this.#lose(connection);
    }
    this.#current = undefined;
  }

  #lose(connection: Connection): void {
    for (const [id, pending] of this.#pending) {
      if (pending.connection !== connection) continue;
      this.#pending.delete(id);
      const waiting = pending.timer !== undefined;
      pending.timer?.[Symbol.dispose]();
      if (waiting) pending.settle({ type: 'Lost', code: 'DISCONNECTED' });
    }
  }

  #onMessage(raw: Uint8Array, connection: Connection): void {
    const parsed = parseJson(raw);
    if (!parsed.ok || !isRecord(parsed.value)) {
      this.#deps.onUnknown(raw);
      // It may have been a fill: only a new subscription with a fresh comparison is sure of the account.
      return connection.fail('a message that cannot be read');
    }
    const message = parsed.value;
    if (isRecord(message['event'])) return this.#onEvent(message['event'], raw);
    const id = wordsOf(message['id']);
    const pending = this.#pending.get(id);
    if (pending === undefined) return this.#deps.onUnknown(raw);
    this.#pending.delete(id);
    pending.timer?.[Symbol.dispose]();
    this.#noteWeight(message['rateLimits']);
    pending.settle(outcomeOf(message));
    if (pending.connection !== this.#current) this.#letOlderGo();
  }

  #letOlderGo(): void {
    const current = this.#current;
    const owed = [...this.#pending.values()].some(({ connection }) => connection !== current);
    if (!owed) current?.ready();
  }

  #onEvent(event: Readonly<Record<string, unknown>>, raw: Uint8Array): void {
    if (event['e'] === 'serverShutdown')
      return this.#client.rotate('the venue shuts this server down');
    this.#deps.onEvent(event, raw);
  }

  #noteWeight(limits: unknown): void {
    const stated = weightPerMinute(limits);
    if (stated?.count !== undefined) this.#deps.onWeight(stated.count, stated.limit);
  }
}

function outcomeOf(message: Readonly<Record<string, unknown>>): WsOutcome {
  const status = typeof message['status'] === 'number' ? message['status'] : 0;
  const { error } = message;
  if (status === 200 && error === undefined) {
    return { type: 'Answered', status, result: message['result'] };
  }
  const fields = isRecord(error) ? error : {};
  const { code, msg, data } = fields;
  return {
    type: 'Failed',
    status,
    code: typeof code === 'number' ? code : undefined,
    message: typeof msg === 'string' ? msg : 'no message of the venue',
    data,
    retryAfterMs: retryAfterMs(data),
  };
}

/** Between two times of the venue's own clock: ours may have been set since it was compared. */
function retryAfterMs(data: unknown): number | undefined {
  const { serverTime, retryAfter } = isRecord(data) ? data : {};
  if (typeof serverTime !== 'number' || typeof retryAfter !== 'number') return undefined;
  return Math.max(0, retryAfter - serverTime);
}
