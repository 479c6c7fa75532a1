import { encodeMessage } from '../../api/codec.ts';
import { tradeMessageSchema, type TradeMessage } from '../../api/trade-service.ts';
import type { Clock } from '../../base/clock.ts';
import type { ClientId } from '../../domain/identifiers.ts';
import type { Update } from '../../domain/input.ts';
import { unixMicros } from '../../domain/time.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import type { Alert } from './last-alerts.ts';

/** Calls `flush` soon; what comes until then travels in one message. */
export type Gather = (flush: () => void) => void;

/** How long after the start windows are told what was said before it. */
const LAST_MICROS = 60_000_000;

/** Everyone who watches trading: windows and command lines. Facts go to each, in order and none left out. */
export class Audience {
  readonly #clock: Clock;
  readonly #gather: Gather;
  readonly #windows = new Set<ClientChannel>();
  readonly #last: readonly Alert[];
  readonly #begun: number;
  #updates: Update[] = [];

  /** Without `gather` each fact travels at once. `last` is what may have been told to nobody before this start. */
  constructor(clock: Clock, gather: Gather = (flush) => flush(), last: readonly Alert[] = []) {
    this.#clock = clock;
    this.#gather = gather;
    this.#last = last;
    this.#begun = clock.nowMicros();
  }

  get size(): number {
    return this.#windows.size;
  }

  /** True while a channel of `client` is here. */
  has(client: ClientId): boolean {
    return [...this.#windows].some((window) => window.client === client);
  }

  /** From here on the window hears every fact; what happened before is in the snapshot it gets. */
  add(window: ClientChannel): void {
    this.#flush();
    this.#windows.add(window);
  }

  delete(window: ClientChannel): void {
    this.#windows.delete(window);
  }

  /** Tells everyone facts. */
  tell(updates: readonly Update[]): void {
    if (this.#windows.size === 0 || updates.length === 0) return;
    const first = this.#updates.length === 0;
    this.#updates.push(...updates);
    if (first) this.#gather(() => this.#flush());
  }

  /** Sends one window a message, after the facts that came before it. */
  send(window: ClientChannel, message: TradeMessage): void {
    this.#flush();
    window.send(encodeMessage(tradeMessageSchema, message));
  }

  /** Sends each window the message that `make` gives for it. */
  sendEach(make: (window: ClientChannel) => TradeMessage): void {
    for (const window of this.#windows) this.send(window, make(window));
  }

  /** Tells a window what may have been told to nobody before the last stop; one that comes later than a minute finds it in the log. */
  tellLast(window: ClientChannel): void {
    const at = unixMicros(this.#clock.nowMicros());
    if (this.#last.length === 0 || at > this.#begun + LAST_MICROS) return;
    this.send(window, { type: 'Updates', at, updates: [...this.#last] });
  }

  /** Sends everyone one message, after the facts that came before it. */
  broadcast(message: TradeMessage): void {
    this.#flush();
    this.#toAll(message);
  }

  #flush(): void {
    const updates = this.#updates;
    if (updates.length === 0) return;
    this.#updates = [];
    const at = unixMicros(this.#clock.nowMicros());
    // The wire's types are the domain's without their readonly.
    this.#toAll({ type: 'Updates', at, updates } as TradeMessage);
  }

  #toAll(message: TradeMessage): void {
    if (this.#windows.size === 0) return;
    const text = encodeMessage(tradeMessageSchema, message);
    for (const window of this.#windows) window.send(text);
  }
}
