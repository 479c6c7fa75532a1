import { ok, type Result } from '../../engine/base/result.ts';
import type { PeerSocket } from '../binance/session.ts';
import type { Venue } from '../binance/venue.ts';
import { ExchangeFaults } from './exchange-faults.ts';
import { Faults, type FaultReport } from './faults.ts';
import { FaultyRest } from './faulty-rest.ts';
import { FaultySocket } from './faulty-socket.ts';
import type { Problems } from '../document.ts';
import { readPlan, type Fault } from './plan.ts';
import { Rewriter } from './rewriter.ts';

/** Every fault of one exchange: set, struck and cleared here. */
export class FaultDesk {
  readonly rest: FaultyRest;
  readonly #faults: Faults;
  readonly #rewriter: Rewriter;
  readonly #exchange: ExchangeFaults;
  readonly #venue: Venue;
  readonly #nowMs: () => number;
  readonly #sockets = new Set<FaultySocket>();
  #down = false;

  constructor(venue: Venue, nowMs: () => number) {
    this.#venue = venue;
    this.#nowMs = nowMs;
    this.#faults = new Faults(nowMs);
    this.#rewriter = new Rewriter(this.#faults);
    this.#exchange = new ExchangeFaults(venue.exchange);
    this.rest = new FaultyRest(this.#faults, this.#rewriter);
  }

  /** True while the exchange is restarting: it takes no connection and no request. */
  get down(): boolean {
    return this.#down;
  }

  /** Sets the faults of a plan beside those that are set. */
  set(name: string, text: string): Result<readonly Fault[], Problems> {
    const plan = readPlan(name, text, this.#faults.nextId);
    if (!plan.ok) return plan;
    const known = this.#venue.exchange.markets.map(({ listing }) => listing.symbol);
    const foreign = plan.value.find(
      ({ symbol }) => symbol !== undefined && !known.includes(symbol),
    );
    if (foreign !== undefined) {
      const said = `${name}: symbol "${foreign.symbol}", expected one of ${known.join(', ')}`;
      return { ok: false, error: [said] };
    }
    this.#faults.set(plan.value);
    this.tick();
    return ok(plan.value);
  }

  clear(): void {
    this.#faults.clear();
    this.tick();
  }

  report(): FaultReport {
    return this.#faults.report();
  }

  /** The connection of a client as the exchange is to see it. */
  join(socket: PeerSocket, on: 'streams' | 'api'): PeerSocket {
    const faulty = new FaultySocket(socket, {
      on,
      faults: this.#faults,
      exchange: this.#exchange,
      rewriter: this.#rewriter,
      nowMs: this.#nowMs,
      venueMs: () => this.#venue.nowMs(),
    });
    this.#sockets.add(faulty);
    socket.on('close', () => this.#sockets.delete(faulty));
    return faulty;
  }

  /** Does what is due. */
  tick(): void {
    this.#rewriter.follow();
    this.#venue.skewMs = this.#rewriter.skewMs;
    const states = this.#faults.states();
    this.#exchange.follow(states);
    const down = states.some(({ kind }) => kind === 'restart');
    if (down && !this.#down) for (const socket of this.#sockets) socket.terminate();
    this.#down = down;
    for (const socket of this.#sockets) socket.tick();
  }
}
