import type { Socket, SocketEvents } from '../engine/net/socket.ts';
import type { PeerSocket } from '../sandbox/binance/session.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What becomes of a connection, message by message. */
export interface LinkParts {
  readonly time: VirtualTime;
  /** Milliseconds that the next message takes. */
  latency(): number;
  lose(): boolean;
  silent(): boolean;
  replays(): boolean;
  /** The text that arrives in place of one the venue sent. */
  tamper(text: string): string;
  /** The process sends, or reads, a text. */
  onSend(text: string): void;
  onRead(text: string): void;
  /** Hands something that arrived to the process at the near end: at once, when it runs again, or never. */
  arrive(deliver: () => void): void;
  readonly events: SocketEvents;
  onGone(link: Link): void;
}

type Listener = (data: Buffer) => void;

/** Messages of one kind stay in order; those of different kinds may overtake each other. */
class Lane {
  readonly #time: VirtualTime;
  #lastMicros = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  carry(latencyMs: number, deliver: () => void): void {
    this.#lastMicros = Math.max(this.#lastMicros, this.#time.nowMicros() + latencyMs * 1000);
    this.#time.at(this.#lastMicros, deliver);
  }
}

/** One WebSocket between process and venue. */
export class Link {
  readonly client: Socket;
  readonly #parts: LinkParts;
  readonly #up: Lane;
  readonly #answers: Lane;
  readonly #events: Lane;
  readonly #listeners = new Map<string, Listener[]>();
  #nearOpen = true;
  #farOpen = false;
  #silent = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#up = new Lane(parts.time);
    this.#answers = new Lane(parts.time);
    this.#events = new Lane(parts.time);
    this.client = {
      send: (text) => {
        parts.onSend(text);
        this.#toFar(() => this.#emit('message', text));
      },
      ping: () => {
        this.#toFar(() => {
          this.#emit('ping', '');
          this.#toNear(this.#answers, () => parts.events.onAlive());
        });
      },
      terminate: () => {
        this.#nearOpen = false;
        this.#closeFar();
      },
    };
  }

  /** The venue takes the connection. */
  connect(accept: (peer: PeerSocket) => void): void {
    if (!this.#nearOpen) return;
    this.#farOpen = true;
    this.#toNear(this.#answers, () => this.#parts.events.onOpen());
    accept(this.#peer());
  }

  /** Nobody listens. */
  refuse(): void {
    this.#closeNear('connection refused');
  }

  /** Both ends learn that the connection is gone; what is on its way is lost. */
  cut(reason: string): void {
    const { time, latency } = this.#parts;
    this.#silent = true;
    time.setTimer(latency(), () => this.#closeNear(reason));
    time.setTimer(latency(), () => this.#gone());
  }

  /** Nothing arrives any more, and nobody is told. */
  goSilent(): void {
    this.#silent = true;
  }

  #peer(): PeerSocket {
    const isOpen = (): boolean => this.#farOpen;
    const close = (reason: string): void => {
      if (!this.#farOpen) return;
      this.#toNear(this.#answers, () => this.#closeNear(reason));
      this.#gone();
    };
    return {
      OPEN: 1,
      get readyState() {
        return isOpen() ? 1 : 3;
      },
      bufferedAmount: 0,
      send: (text) => this.#sendDown(text),
      ping: () => {
        this.#toNear(this.#answers, () => {
          this.#parts.events.onAlive();
          this.#toFar(() => this.#emit('pong', ''));
        });
      },
      close: (code, reason) => close(`closed with code ${code}: ${reason ?? ''}`),
      terminate: () => close('terminated'),
      pause: () => this.goSilent(),
      on: (event: string, listener: Listener) => {
        this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
      },
    };
  }

  #sendDown(text: string): void {
    const isEvent = text.startsWith('{"subscriptionId"');
    const lane = isEvent ? this.#events : this.#answers;
    const told = Buffer.from(this.#parts.tamper(text));
    const deliver = (): void => {
      if (!isEvent) this.#parts.onRead(text);
      this.#parts.events.onMessage(told);
    };
    this.#toNear(lane, deliver);
    if (isEvent && this.#parts.replays()) this.#toNear(lane, deliver);
  }

  #breaks(): boolean {
    if (!this.#parts.lose()) return false;
    if (this.#parts.silent()) this.goSilent();
    else this.cut('connection reset');
    return true;
  }

  #toNear(lane: Lane, deliver: () => void): void {
    if (!this.#farOpen || this.#silent || this.#breaks()) return;
    lane.carry(this.#parts.latency(), () => {
      if (this.#silent) return;
      this.#parts.arrive(() => {
        if (this.#nearOpen) deliver();
      });
    });
  }

  #toFar(deliver: () => void): void {
    if (!this.#nearOpen || this.#silent || this.#breaks()) return;
    this.#up.carry(this.#parts.latency(), () => {
      if (this.#farOpen && !this.#silent) deliver();
    });
  }

  #closeNear(reason: string): void {
    this.#parts.arrive(() => {
      if (!this.#nearOpen) return;
      this.#nearOpen = false;
      this.#parts.events.onClose(reason);
    });
  }

  #closeFar(): void {
    if (this.#silent) return;
    this.#up.carry(this.#parts.latency(), () => this.#gone());
  }

  #gone(): void {
    if (!this.#farOpen) return;
    this.#farOpen = false;
    this.#emit('close', '');
    this.#parts.onGone(this);
  }

  #emit(event: string, text: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(Buffer.from(text));
  }
}
