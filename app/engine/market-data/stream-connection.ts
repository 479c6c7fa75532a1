import type { Rng } from '../base/rng.ts';
import type { Scheduler } from '../net/scheduler.ts';
import type { SocketOpener } from '../net/socket.ts';
import { WebSocketClient, type Connection } from '../net/web-socket-client.ts';
import type { ConnectionHealth } from '../ports/market-data-client.ts';
import type { StreamLine, StreamVenue } from '../ports/stream-venue.ts';

/** What a connection needs and whom it tells. */
export interface StreamConnectionDeps {
  readonly line: StreamLine;
  readonly venue: Pick<StreamVenue, 'requestIntervalMs' | 'keepAlive'>;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  /** A message as it came, and the number of the socket that brought it. */
  onFrame(data: Uint8Array, socket: number): void;
  /** A socket is open, and what is wanted was asked for on it. */
  onOpened(socket: number): void;
  onLost(socket: number, reason: string): void;
  onChange(): void;
}

const SETTINGS = {
  connectTimeoutMs: 10_000,
  livenessMs: 15_000,
  pongWithinMs: 3_000,
  overlapMs: 15_000,
  maxMessageBytes: 64 * 1024 * 1024,
  backoff: { firstMs: 500, maxMs: 30_000 },
} as const;

/** No venue of this kind cuts a connection for its age; where two may stand side by side a new one now and then costs nothing. */
const ROTATE_AFTER_MS = 23 * 60 * 60 * 1000;

/** One connection of a line: it keeps what is wanted asked for, through losses and rotations. */
export class StreamConnection implements Disposable {
  readonly #deps: StreamConnectionDeps;
  readonly #client: WebSocketClient;
  readonly #wanted = new Set<string>();
  readonly #sockets = new Map<number, Connection>();
  readonly #outbox: { readonly socket: Connection; readonly text: string }[] = [];
  #pacer: Disposable | undefined;
  #keeper: Disposable | undefined;
  #newest: Connection | undefined;
  /** The socket whose greeting the venue has accepted, where it says so. */
  #admitted: Connection | undefined;
  #opens = 0;

  constructor(deps: StreamConnectionDeps) {
    this.#deps = deps;
    const { line, scheduler, rng, open } = deps;
    this.#client = new WebSocketClient({
      ...SETTINGS,
      ...(line.alone ? {} : { rotateAfterMs: ROTATE_AFTER_MS }),
      url: line.url,
      scheduler,
      rng,
      ...(open === undefined ? {} : { open }),
      handlers: {
        onOpen: (socket) => this.#onOpen(socket),
        onMessage: (data, socket) => deps.onFrame(data, socket.id),
        onClose: (socket, reason) => this.#onClose(socket, reason),
        onState: () => deps.onChange(),
      },
    });
  }

  /** Instruments asked for. */
  get size(): number {
    return this.#wanted.size;
  }

  wants(symbol: string): boolean {
    return this.#wanted.has(symbol);
  }

  get line(): StreamLine {
    return this.#deps.line;
  }

  get state(): ConnectionHealth['state'] {
    if (this.#newest !== undefined) return 'Connected';
    return this.#client.state === 'Waiting' ? 'Disconnected' : 'Connecting';
  }

  /** Sockets after the first. */
  get reconnects(): number {
    return Math.max(0, this.#opens - 1);
  }

  /** The number of the socket opened last, while it stands. */
  get newest(): number | undefined {
    return this.#newest?.id;
  }

  /** Two sockets stand side by side. */
  get overlaps(): boolean {
    return this.#sockets.size > 1;
  }

  want(symbols: readonly string[]): void {
    const added = symbols.filter((symbol) => !this.#wanted.has(symbol));
    for (const symbol of added) this.#wanted.add(symbol);
    this.#client.start();
    if (added.length > 0) this.#send(this.#deps.line.subscribe(added));
  }

  unwant(symbols: readonly string[]): void {
    const removed = symbols.filter((symbol) => this.#wanted.delete(symbol));
    if (removed.length > 0) this.#send(this.#deps.line.unsubscribe(removed));
  }

  /** The venue has accepted the greeting of a socket: what is wanted is asked for on it. */
  admit(socket: number): void {
    const { line } = this.#deps;
    if (!line.admits || this.#newest?.id !== socket || this.#admitted === this.#newest) return;
    this.#admitted = this.#newest;
    if (this.#wanted.size > 0) this.#send(line.subscribe([...this.#wanted]));
  }

  /** Begins one book again. */
  renewBook(symbol: string): void {
    this.#send(this.#deps.line.renewBook(symbol));
  }

  /** Answers on the socket that asked, before anything that waits. */
  reply(text: string, socket: number): void {
    this.#sockets.get(socket)?.send(text);
  }

  /** The newest socket delivers all that is wanted: older ones may go. */
  ready(): void {
    this.#newest?.ready();
  }

  /** The socket is of no use: it is replaced. */
  fail(reason: string, socket?: number): void {
    const failed = socket === undefined ? this.#newest : this.#sockets.get(socket);
    failed?.fail(reason);
  }

  /** The venue is about to close the connection. */
  rotate(reason: string): void {
    this.#client.rotate(reason);
  }

  [Symbol.dispose](): void {
    this.#pacer?.[Symbol.dispose]();
    this.#keeper?.[Symbol.dispose]();
    this.#client[Symbol.dispose]();
    this.#newest = undefined;
    this.#sockets.clear();
  }

  #onOpen(socket: Connection): void {
    const { line } = this.#deps;
    this.#opens += 1;
    this.#newest = socket;
    this.#sockets.set(socket.id, socket);
    this.#queue(socket, line.greeting);
    if (this.#wanted.size > 0) this.#send(line.subscribe([...this.#wanted]));
    this.#keepAlive();
    this.#deps.onOpened(socket.id);
    this.#deps.onChange();
  }

  #onClose(socket: Connection, reason: string): void {
    this.#sockets.delete(socket.id);
    if (this.#newest === socket) this.#newest = [...this.#sockets.values()].at(-1);
    this.#deps.onLost(socket.id, reason);
    this.#deps.onChange();
  }

  #keepAlive(): void {
    const { keepAlive } = this.#deps.venue;
    this.#keeper?.[Symbol.dispose]();
    if (keepAlive === undefined) return;
    this.#keeper = this.#deps.scheduler.setTimer(keepAlive.everyMs, () => {
      for (const socket of this.#sockets.values()) socket.send(keepAlive.text);
      this.#keepAlive();
    });
  }

  /** What cannot be sent yet is among what is wanted when it can. */
  #send(texts: readonly string[]): void {
    const socket = this.#newest;
    if (socket === undefined || (this.#deps.line.admits && this.#admitted !== socket)) return;
    this.#queue(socket, texts);
  }

  #queue(socket: Connection, texts: readonly string[]): void {
    for (const text of texts) this.#outbox.push({ socket, text });
    if (this.#pacer === undefined) this.#sendNext();
  }

  #sendNext(): void {
    this.#pacer = undefined;
    const next = this.#outbox.shift();
    if (next === undefined) return;
    next.socket.send(next.text);
    const { scheduler, venue } = this.#deps;
    this.#pacer = scheduler.setTimer(venue.requestIntervalMs, () => this.#sendNext());
  }
}
