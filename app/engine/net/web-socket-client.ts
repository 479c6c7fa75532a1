import type { Rng } from '../base/rng.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import type { Scheduler } from './scheduler.ts';
import { openSocket, type Socket, type SocketOpener } from './socket.ts';

/** Looks for a sign of life in the time after which a ping is due. */
const LOOKS = 5;

/** Where the client stands: Waiting is the pause between attempts. */
export type WebSocketState = 'Idle' | 'Connecting' | 'Open' | 'Waiting' | 'Closed';

/** One connection of the client; a planned rotation has two for a while. */
export interface Connection {
  readonly id: number;
  /** False when the connection is no longer open. */
  send(text: string): boolean;
  /** The owner has set the connection up: older connections are let go and the back-off starts over. */
  ready(): void;
  /** Ends this connection as failed; the client opens another. */
  fail(reason: string): void;
}

/** What the owner of a client hears. */
export interface WebSocketHandlers {
  onOpen(connection: Connection): void;
  onMessage(data: Uint8Array, connection: Connection): void;
  /** A connection that had been open is gone; `current` is false for one let go by a rotation. */
  onClose(connection: Connection, reason: string, current: boolean): void;
  onState(state: WebSocketState, reason: string): void;
}

/** How a WebSocket connection is kept. Times in milliseconds. */
export interface WebSocketClientOptions {
  readonly url: string;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly handlers: WebSocketHandlers;
  readonly open?: SocketOpener;
  readonly connectTimeoutMs: number;
  /** A ping goes out before there was silence for longer. */
  readonly livenessMs: number;
  /** No frame for this long after the ping ends the connection as half open. */
  readonly pongWithinMs: number;
  /** A replacement is opened when a connection gets this old; never when absent. */
  readonly rotateAfterMs?: number;
  /** Longest time two connections stand side by side. */
  readonly overlapMs: number;
  readonly maxMessageBytes: number;
  readonly backoff: BackoffOptions;
  /** For how many milliseconds the far side wants no new connection; never when absent. */
  readonly holdMs?: () => number;
}

/** Keeps one WebSocket connection alive: liveness by ping, jittered back-off, planned rotation. */
export class WebSocketClient implements Disposable {
  readonly #options: WebSocketClientOptions;
  readonly #backoff: Backoff;
  readonly #links = new Set<Link>();
  #current: Link | undefined;
  #retry: Disposable | undefined;
  #nextId = 1;
  #state: WebSocketState = 'Idle';

  constructor(options: WebSocketClientOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.backoff, options.rng);
  }

  get state(): WebSocketState {
    return this.#state;
  }

  /** Starts connecting; later failures are retried until disposed. */
  start(): void {
    if (this.#state === 'Idle') this.#connect('start');
  }

  /** Opens a replacement now; the present connection goes when the new one is ready. */
  rotate(reason: string): void {
    if (this.#state !== 'Open') return;
    this.#retry?.[Symbol.dispose]();
    this.#retry = undefined;
    if (!this.#opening()) this.#connect(reason);
  }

  [Symbol.dispose](): void {
    this.#enter('Closed', 'disposed');
    this.#retry?.[Symbol.dispose]();
    for (const link of [...this.#links]) link.end('disposed');
    this.#current = undefined;
  }

  #opening(): boolean {
    return [...this.#links].some((link) => !link.opened);
  }

  #enter(state: WebSocketState, reason: string): void {
    if (this.#state === state || this.#state === 'Closed') return;
    this.#state = state;
    this.#options.handlers.onState(state, reason);
  }

  #connect(reason: string): void {
    this.#retry = undefined;
    if (this.#state === 'Closed') return;
    if (this.#holdMs() > 0) {
      if (this.#current === undefined) this.#enter('Waiting', reason);
      return this.#retryLater(reason);
    }
    if (this.#current === undefined) this.#enter('Connecting', reason);
    this.#openLink(reason);
  }

  #openLink(reason: string): void {
    const id = this.#nextId;
    this.#nextId += 1;
    const link = new Link(id, this.#options, {
      opened: () => this.#opened(link, reason),
      closed: (why) => this.#closed(link, why),
      ready: () => this.#ready(link),
      rotate: () => this.rotate('planned rotation'),
    });
    this.#links.add(link);
    link.start();
  }

  #opened(link: Link, reason: string): void {
    this.#current = link;
    this.#enter('Open', reason);
    for (const older of this.#links) if (older !== link) older.limitOverlap();
    this.#options.handlers.onOpen(link);
  }

  #ready(link: Link): void {
    this.#backoff.reset();
    if (this.#current !== link) return;
    for (const older of [...this.#links]) if (older !== link) older.end('rotated out');
  }

  #closed(link: Link, reason: string): void {
    this.#links.delete(link);
    if (this.#state === 'Closed') return;
    const current = this.#current === link;
    if (current) this.#current = [...this.#links].find((other) => other.opened);
    if (link.opened) this.#options.handlers.onClose(link, reason, current);
    if (this.#current !== undefined && !current) {
      if (!link.opened) this.#retryLater(reason);
      return;
    }
    if (this.#current !== undefined) return;
    if (this.#opening()) return this.#enter('Connecting', reason);
    this.#enter('Waiting', reason);
    this.#retryLater(reason);
  }

  #retryLater(reason: string): void {
    if (this.#retry !== undefined) return;
    const delayMs = Math.max(this.#backoff.next(), this.#holdMs());
    this.#retry = this.#options.scheduler.setTimer(delayMs, () => this.#connect(reason));
  }

  #holdMs(): number {
    return this.#options.holdMs?.() ?? 0;
  }
}

interface LinkOwner {
  opened(): void;
  closed(reason: string): void;
  ready(): void;
  rotate(): void;
}

/** One socket with its timers. */
class Link implements Connection {
  readonly id: number;
  opened = false;
  readonly #options: WebSocketClientOptions;
  readonly #owner: LinkOwner;
  #socket: Socket | undefined;
  #timers: Disposable[] = [];
  #liveness: Disposable | undefined;
  /** Something came since it was last looked at. */
  #heard = true;
  #over = false;

  constructor(id: number, options: WebSocketClientOptions, owner: LinkOwner) {
    this.id = id;
    this.#options = options;
    this.#owner = owner;
  }

  start(): void {
    const { scheduler, connectTimeoutMs, maxMessageBytes, url, open = openSocket } = this.#options;
    this.#timers.push(
      scheduler.setTimer(connectTimeoutMs, () => {
        if (!this.opened) this.end(`no connection within ${connectTimeoutMs} ms`);
      }),
    );
    this.#socket = open(
      url,
      { maxMessageBytes },
      {
        onOpen: () => this.#onOpen(),
        onMessage: (data) => {
          if (this.#over) return;
          this.#heard = true;
          this.#options.handlers.onMessage(data, this);
        },
        onAlive: () => {
          this.#heard = true;
        },
        onClose: (reason) => this.#finish(reason),
      },
    );
  }

  send(text: string): boolean {
    if (this.#over || !this.opened || this.#socket === undefined) return false;
    this.#socket.send(text);
    return true;
  }

  ready(): void {
    if (!this.#over) this.#owner.ready();
  }

  fail(reason: string): void {
    this.end(reason);
  }

  /** From now on this connection is the old one of a rotation. */
  limitOverlap(): void {
    const { scheduler, overlapMs } = this.#options;
    this.#timers.push(scheduler.setTimer(overlapMs, () => this.end('overlap over')));
  }

  end(reason: string): void {
    if (this.#over) return;
    const socket = this.#socket;
    this.#finish(reason);
    socket?.terminate();
  }

  #onOpen(): void {
    if (this.#over) return;
    this.opened = true;
    const { scheduler, rotateAfterMs } = this.#options;
    if (rotateAfterMs !== undefined) {
      this.#timers.push(scheduler.setTimer(rotateAfterMs, () => this.#owner.rotate()));
    }
    this.#listen(0);
    this.#owner.opened();
  }

  /** Looks now and then instead of with each message, of which there are many: after the last of some looks in vain it asks. */
  #listen(inVain: number): void {
    const { scheduler, livenessMs } = this.#options;
    this.#liveness = scheduler.setTimer(livenessMs / LOOKS, () => {
      const looks = this.#heard ? 0 : inVain + 1;
      this.#heard = false;
      // What was heard may have come at any time before the look.
      if (looks < LOOKS - 1) this.#listen(looks);
      else this.#ask();
    });
  }

  #ask(): void {
    const { scheduler, livenessMs, pongWithinMs } = this.#options;
    this.#socket?.ping();
    this.#liveness = scheduler.setTimer(pongWithinMs, () => {
      // It may have come right behind the ping.
      const heard = this.#heard;
      this.#heard = false;
      if (heard) this.#listen(Math.floor((pongWithinMs * LOOKS) / livenessMs));
      else this.end(`half open: no answer to a ping within ${pongWithinMs} ms`);
    });
  }

  #finish(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#liveness?.[Symbol.dispose]();
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers = [];
    this.#owner.closed(reason);
  }
}
