import { EventEmitter } from 'node:events';

/** Where what arrives at an end of a channel goes: a port of this process, a page, a utility process. */
export interface Sink {
  deliver(data: unknown): void;
  closed(): void;
}

/** One end of a channel. */
export class PortEnd {
  #other: PortEnd | undefined;
  #sink: Sink | undefined;
  readonly #queue: unknown[] = [];
  #open = true;
  #left = false;

  static pair(): readonly [PortEnd, PortEnd] {
    const [one, other] = [new PortEnd(), new PortEnd()];
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  post(data: unknown): void {
    if (this.#open) this.#other?.receive(data);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#other?.leave();
  }

  /** What arrives goes to `sink` from now on; undefined keeps it. */
  attach(sink: Sink | undefined): void {
    this.#sink = sink;
    if (sink === undefined) return;
    for (const data of this.#queue.splice(0)) sink.deliver(data);
    if (this.#left) sink.closed();
  }

  /** The other end said something. */
  receive(data: unknown): void {
    if (!this.#open) return;
    if (this.#sink === undefined) this.#queue.push(data);
    else this.#sink.deliver(data);
  }

  /** The other end was closed. */
  leave(): void {
    this.#left = true;
    this.#open = false;
    this.#sink?.closed();
  }
}

/** As Electron's class of the name: it takes ports to transfer and nothing else, and no shared memory. */
export class MessagePortMain extends EventEmitter {
  #end: PortEnd | undefined;

  constructor(end: PortEnd) {
    super();
    this.#end = end;
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) {
      endsOf(transfer);
      throw new Error('stand-in: a port within a port is not covered');
    }
    this.#end?.post(cloned(message));
  }

  start(): void {
    this.#end?.attach({
      deliver: (data) => queueMicrotask(() => this.emit('message', { data, ports: [] })),
      closed: () => queueMicrotask(() => this.emit('close')),
    });
  }

  close(): void {
    this.#end?.close();
  }

  /** Gives the end away: this port is of no use any more. */
  detach(): PortEnd {
    const end = this.#end;
    if (end === undefined) throw new TypeError('Port was already transferred');
    end.attach(undefined);
    this.#end = undefined;
    return end;
  }
}

/** As Electron's class of the name. */
export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const [one, other] = PortEnd.pair();
    this.port1 = new MessagePortMain(one);
    this.port2 = new MessagePortMain(other);
  }
}

/** The ends of ports that are given away; anything else in the list is refused, as Electron does. */
export function endsOf(transfer: readonly unknown[]): PortEnd[] {
  return transfer.map((port, index) => {
    if (port instanceof MessagePortMain) return port.detach();
    throw new TypeError(`Port at index ${index} is not a valid port`);
  });
}

/** What passes between processes: shared memory does not. */
export function cloned(message: unknown): unknown {
  if (message instanceof SharedArrayBuffer) throw new Error('An object could not be cloned.');
  return structuredClone(message);
}
