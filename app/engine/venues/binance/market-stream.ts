import type { Clock } from '../../base/clock.ts';
import type { Rng } from '../../base/rng.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { SocketOpener } from '../../net/socket.ts';
import { WebSocketClient, type Connection } from '../../net/web-socket-client.ts';
import { SETTINGS } from './settings.ts';
import { isRecord, jsonOf } from '../../ports/wire-fields.ts';

/** What a market stream connection needs and whom it tells. */
export interface MarketStreamDeps {
  /** `/stream` is added. */
  readonly url: string;
  /** Pause between two requests, ms. */
  readonly requestIntervalMs: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  /** A message as it came. */
  onMessage(data: Uint8Array): void;
  /** The venue has confirmed these streams on the connection that now counts. */
  onSubscribed(streams: readonly string[]): void;
  /** No connection delivers any more. */
  onLost(reason: string): void;
  onChange(): void;
}

interface Batch {
  readonly connection: Connection;
  readonly streams: readonly string[];
}

/** One market stream connection: it keeps the wanted streams subscribed, through losses and rotations. */
export class MarketStream implements Disposable {
  readonly #deps: MarketStreamDeps;
  readonly #client: WebSocketClient;
  readonly #wanted = new Set<string>();
  readonly #acknowledgements = new Map<number, Batch>();
  readonly #outbox: { connection: Connection; text: string }[] = [];
  #pacer: Disposable | undefined;
  #newest: Connection | undefined;
  #delivering: Connection | undefined;
  #nextId = 1;
  #opens = 0;

  constructor(deps: MarketStreamDeps) {
    this.#deps = deps;
    const { url, scheduler, rng, open } = deps;
    this.#client = new WebSocketClient({
      url: `${url}/stream`,
      scheduler,
      rng,
      ...(open === undefined ? {} : { open }),
      connectTimeoutMs: SETTINGS.connectTimeoutMs,
      livenessMs: SETTINGS.livenessMs,
      pongWithinMs: SETTINGS.pongWithinMs,
      rotateAfterMs: SETTINGS.rotateAfterMs,
      overlapMs: SETTINGS.overlapMs,
      maxMessageBytes: SETTINGS.maxStreamMessageBytes,
      backoff: SETTINGS.backoff,
      handlers: {
        onOpen: (connection) => this.#onOpen(connection),
        onMessage: (data) => deps.onMessage(data),
        onClose: (connection, reason) => this.#onClose(connection, reason),
        onState: () => deps.onChange(),
      },
    });
  }

  get size(): number {
    return this.#wanted.size;
  }

  get state(): 'Connecting' | 'Connected' | 'Disconnected' {
    if (this.#delivering !== undefined) return 'Connected';
    return this.#client.state === 'Waiting' ? 'Disconnected' : 'Connecting';
  }

  /** Connections after the first. */
  get reconnects(): number {
    return Math.max(0, this.#opens - 1);
  }

  want(streams: readonly string[]): void {
    const added = streams.filter((stream) => !this.#wanted.has(stream));
    for (const stream of added) this.#wanted.add(stream);
    this.#client.start();
    if (this.#newest !== undefined) this.#request('SUBSCRIBE', added, this.#newest);
  }

  unwant(streams: readonly string[]): void {
    const removed = streams.filter((stream) => this.#wanted.delete(stream));
    if (this.#newest !== undefined) this.#request('UNSUBSCRIBE', removed, this.#newest);
  }

  /** The connection is of no use: it is replaced. */
  fail(reason: string): void {
    this.#newest?.fail(reason);
  }

  /** The venue is about to close this connection. */
  rotate(reason: string): void {
    this.#client.rotate(reason);
  }

  /** Takes an answer to a subscription; false when the message is none. */
  onAnswer(message: unknown): boolean {
    if (!isRecord(message)) return false;
    const { id, result, error, code } = message;
    if (typeof id !== 'number') return false;
    const batch = this.#acknowledgements.get(id);
    if (batch === undefined) return 'result' in message || 'error' in message;
    this.#acknowledgements.delete(id);
    if (result !== null || error !== undefined || code !== undefined) {
      batch.connection.fail(`subscription refused: ${jsonOf(message).slice(0, 200)}`);
      return true;
    }
    this.#onAcknowledged(batch);
    return true;
  }

  [Symbol.dispose](): void {
    this.#pacer?.[Symbol.dispose]();
    this.#client[Symbol.dispose]();
    this.#newest = undefined;
    this.#delivering = undefined;
  }

  #onOpen(connection: Connection): void {
    this.#opens += 1;
    this.#newest = connection;
    this.#request('SUBSCRIBE', [...this.#wanted], connection);
    this.#deps.onChange();
  }

  #onAcknowledged({ connection, streams }: Batch): void {
    if (connection !== this.#newest) return;
    const fresh = this.#delivering === undefined || this.#delivering === connection;
    const open = [...this.#acknowledgements.values()].some((one) => one.connection === connection);
    if (!open) {
      this.#delivering = connection;
      connection.ready();
      this.#deps.onChange();
    }
    // In a rotation the older connection has delivered all along.
    if (fresh && streams.length > 0) this.#deps.onSubscribed(streams);
  }

  #onClose(connection: Connection, reason: string): void {
    for (const [id, batch] of this.#acknowledgements) {
      if (batch.connection === connection) this.#acknowledgements.delete(id);
    }
    if (this.#newest === connection) this.#newest = undefined;
    if (this.#delivering !== connection) return;
    this.#delivering = undefined;
    this.#deps.onLost(reason);
    this.#deps.onChange();
    // Half a rotation: what the new connection confirmed already counts from now on.
    if (this.#newest !== undefined) this.#request('SUBSCRIBE', [...this.#wanted], this.#newest);
  }

  #request(
    method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
    streams: readonly string[],
    connection: Connection,
  ): void {
    for (let from = 0; from < streams.length; from += SETTINGS.streamsPerRequest) {
      const params = streams.slice(from, from + SETTINGS.streamsPerRequest);
      const id = this.#nextId;
      this.#nextId += 1;
      const confirmed = method === 'SUBSCRIBE' ? params : [];
      this.#acknowledgements.set(id, { connection, streams: confirmed });
      this.#outbox.push({ connection, text: JSON.stringify({ method, params, id }) });
    }
    if (this.#pacer === undefined) this.#sendNext();
  }

  #sendNext(): void {
    this.#pacer = undefined;
    const next = this.#outbox.shift();
    if (next === undefined) return;
    next.connection.send(next.text);
    const { requestIntervalMs, scheduler } = this.#deps;
    this.#pacer = scheduler.setTimer(requestIntervalMs, () => this.#sendNext());
  }
}
