import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { Xoshiro128 } from '../engine/base/rng.ts';
import { present, unreachable } from '../engine/base/invariant.ts';
import type { Order } from '../engine/domain/order.ts';
import type { OrderDesk } from '../sandbox/exchange/order-desk.ts';
import { isTrigger } from '../sandbox/exchange/order.ts';
import { differenceBetween } from './agreement.ts';
import { readBack } from './journal-digest.ts';
import { Machine } from './machine.ts';
import { People } from './people.ts';
import type { Fault, Step } from './script.ts';
import { Tally, type Swarm } from './swarm.ts';
import { VenueHost } from './venue-host.ts';
import { VirtualTime } from './virtual-time.ts';
import { Violation } from './violation.ts';
import { Watch } from './watch.ts';

const START_MICROS = 1_760_000_000_000_000;
const CONVERGES_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** How long the exchange bans an address, and how often who wants to trade tries again meanwhile. */
const BAN_MS = 120_000;
const TRY_AGAIN_MICROS = 10_000_000;
const TRY_AGAIN: ReadonlySet<string> = new Set(['VENUE_BANNED', 'QUEUE_TIMEOUT']);
/** Longer than a half-open connection goes unnoticed. */
const SETTLES_MS = 25_000;
/** What the market does is computed less often in a longer sleep. */
const LONG_SLEEP_MS = 60_000;
/** So many turns are asked of the event loop together: it looks for work outside this process between two such lots only. */
const TURNS_AT_ONCE = 50;

/** What one world is made of. */
export interface WorldSpec {
  readonly seed: number;
  readonly swarm: Swarm;
  readonly script: readonly Step[];
  /** Makes what changes the venue's messages in this world: for the canary. */
  readonly tamper?: () => (text: string) => string;
}

/** What became of a world. */
export interface Outcome {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly inputs: number;
  /** That the exchange took. */
  readonly orders: number;
  readonly fills: number;
  readonly restarts: number;
  readonly simulatedMs: number;
  /** Of that, how long the machine slept. */
  readonly sleptMs: number;
  /** Of the liveness phase; undefined when it was not reached. */
  readonly convergedMs: number | undefined;
  readonly tally: Tally;
  /** Over every record of the journal, and over the last state. */
  readonly journalHash: string;
  readonly stateHash: string;
}

/** Runs a world: its script with faults, then without any until everybody agrees. Equal specifications give equal outcomes. */
export async function runWorld(spec: WorldSpec): Promise<Outcome> {
  const folder = mkdtempSync(join(memoryFolder(), 'qd-world-'));
  const world = new World(spec, join(folder, 'session'));
  const onRejection = (error: unknown): void => world.fail(error);
  process.on('unhandledRejection', onRejection);
  try {
    return await world.run();
  } finally {
    process.off('unhandledRejection', onRejection);
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** Does `work` in turns of the event loop until it is false; what it began is settled before it is done again. */
function eachTurn(work: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = false;
    const turn = (): void => {
      if (done) return;
      try {
        if (work()) return;
        resolve();
      } catch (error) {
        reject(error as Error);
      }
      done = true;
    };
    const gather = (): void => {
      if (done) return;
      for (let count = 0; count < TURNS_AT_ONCE; count += 1) setImmediate(turn);
      setImmediate(gather);
    };
    setImmediate(gather);
  });
}

class World {
  readonly #spec: WorldSpec;
  readonly #folder: string;
  readonly #time = new VirtualTime(START_MICROS);
  readonly #tally = new Tally();
  readonly #host: VenueHost;
  readonly #machine: Machine;
  readonly #people: People;
  readonly #watch: Watch;
  #failure: Violation | undefined;
  #steps = 0;
  #convergedMs: number | undefined;

  constructor(spec: WorldSpec, folder: string) {
    const { seed, swarm, tamper } = spec;
    this.#spec = spec;
    this.#folder = folder;
    const time = this.#time;
    const tally = this.#tally;
    this.#host = new VenueHost(time, new Xoshiro128(seed + 1), swarm);
    this.#watch = new Watch(this.#host.exchange, swarm.durableBeforeSend, time);
    this.#machine = new Machine({
      seed,
      swarm,
      time,
      tally,
      host: this.#host,
      watch: this.#watch,
      sessionFolder: folder,
      ...(tamper === undefined ? {} : { tamper: tamper() }),
      onBroken: (error) => this.fail(violationOf('PROCESS_DIED', error)),
    });
    this.#people = new People(this.#machine, this.#host);
  }

  /** Ends the world with what nobody caught. */
  fail(error: unknown): void {
    this.#failure ??= violationOf('UNCAUGHT', error);
  }

  async run(): Promise<Outcome> {
    let violation: Violation | undefined;
    let hashes = { journal: '', state: '' };
    try {
      this.#machine.start();
      for (const step of this.#spec.script) {
        await this.#do(step);
        await this.#pass(step.afterMs);
        this.#steps += 1;
        const { process: running } = this.#machine;
        if (running !== undefined) this.#watch.assertSound(running.kernel);
      }
      await this.#converge();
      hashes = await this.#finish();
    } catch (error) {
      violation = violationOf('UNCAUGHT', error);
      this.#machine.abandon();
    }
    countOrders(this.#host.exchange.desk, this.#tally);
    this.#tally.add('brackets answered with exits', this.#watch.exits.covered);
    return {
      violation,
      steps: this.#steps,
      inputs: this.#watch.inputs,
      orders: [...this.#host.exchange.desk.orders()].length,
      fills: this.#host.exchange.desk.fills.length,
      restarts: this.#machine.restarts,
      simulatedMs: (this.#time.nowMicros() - START_MICROS) / 1000,
      sleptMs: this.#machine.sleptMs,
      convergedMs: this.#convergedMs,
      tally: this.#tally,
      journalHash: hashes.journal,
      stateHash: hashes.state,
    };
  }

  /** Lets time go by; every promise settles before the next thing happens. */
  #pass(ms: number): Promise<void> {
    const until = this.#time.nowMicros() + ms * 1000;
    return eachTurn(() => {
      if (this.#failure !== undefined) throw this.#failure;
      return this.#time.step(until);
    });
  }

  async #do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'submit':
        return this.#people.submit(step);
      case 'cancel':
        return this.#people.cancel(step.pick);
      case 'replace':
        return this.#people.replace(step);
      case 'cancelAll':
      case 'flatten':
        return this.#people[step.kind](step.on);
      case 'kill':
      case 'lock':
      case 'open':
      case 'disarm':
        return this.#people[step.kind]();
      case 'part':
        return this.#machine.process?.part();
      case 'lapped':
        return this.#machine.process?.lapped(1);
      case 'stale':
      case 'live':
        return this.#machine.process?.feed?.setStale(step.kind === 'stale');
      case 'elsewhere':
        this.#host.placeElsewhere(step.on ?? 0, step.side, step.size, step.behind);
        return;
      case 'cancelElsewhere':
        return this.#host.cancelElsewhere(step.pick);
      default:
        return this.#suffer(step);
    }
  }

  async #suffer(step: Fault): Promise<void> {
    const { network, disk } = this.#machine;
    switch (step.kind) {
      case 'cut':
        this.#tally.add('cuts');
        return network.cut();
      case 'silence':
        this.#tally.add('silences');
        return network.goSilent();
      case 'refuse':
        this.#tally.add('outages');
        return network.refuse(step.ms);
      case 'mute':
        this.#tally.add('silences of the feed');
        return this.#machine.process?.feed?.mute(step.ms);
      case 'feedDies':
        this.#tally.add('deaths of the feed');
        return this.#machine.process?.beginFeed();
      case 'die':
        return this.#machine.die(false);
      case 'dieSoon':
        return disk.dieSoon();
      case 'losePower':
        return this.#machine.die(true);
      case 'stop':
        return this.#machine.stop();
      case 'freeze':
        return this.#machine.freeze(step.ms);
      case 'sleep':
        return this.#sleep(step.ms);
      case 'spend':
        this.#spend(step);
        return;
      case 'clock':
        return this.#machine.setClock(step.micros);
      default:
        unreachable(step);
    }
  }

  #spend({ weight, orders }: Extract<Fault, { readonly kind: 'spend' }>): void {
    const refused = this.#host.spend(weight, orders);
    if (refused) this.#tally.add(weight === 0 ? 'order counts used up' : 'weights used up');
  }

  /** Nobody is there while the machine sleeps; the market goes on. */
  async #sleep(ms: number): Promise<void> {
    this.#machine.sleep();
    this.#host.doze(ms > LONG_SLEEP_MS);
    await this.#pass(ms);
    this.#host.doze(false);
    this.#machine.wake(ms);
  }

  /** No faults any more: engine and venue must agree within a minute, and the account must trade again. */
  async #converge(): Promise<void> {
    this.#machine.recover();
    this.#host.calm();
    await this.#pass(Math.max(0, this.#host.refusesUntilMs - this.#time.nowMicros() / 1000));
    this.#convergedMs = await this.#until('NOT_CONVERGED', this.#patienceMs, () =>
      this.#difference(),
    );
    // A connection may still be half open.
    await this.#pass(SETTLES_MS);
    await this.#until('NOT_CONVERGED', CONVERGES_WITHIN_MS, () => this.#difference());
    await this.#tradeAgain();
  }

  /** A minute; longer after a ban, which is kept once more by who reads of it at a wakening or slept with the clock set back. */
  get #patienceMs(): number {
    return CONVERGES_WITHIN_MS + (this.#host.refusesUntilMs > 0 ? BAN_MS : 0);
  }

  /** Lets time go by until nothing is missing any more; throws with what is missing after `withinMs`. */
  async #until(rule: string, withinMs: number, missing: () => string | undefined): Promise<number> {
    const begun = this.#time.nowMicros();
    for (;;) {
      await this.#pass(LOOK_EVERY_MS);
      const elapsedMs = (this.#time.nowMicros() - begun) / 1000;
      const what = missing();
      if (what === undefined) return elapsedMs;
      if (elapsedMs >= withinMs) throw new Violation(rule, what);
    }
  }

  #difference(): string | undefined {
    const { process: running } = this.#machine;
    if (running === undefined) return 'the process is down';
    return differenceBetween(running.kernel.view(), this.#host.exchange);
  }

  /** An order can be placed and canceled again. */
  async #tradeAgain(): Promise<void> {
    const before = new Set(this.#orders().map(({ clientOrderId }) => clientOrderId));
    this.#people.open();
    await this.#until('NOT_USABLE', CONVERGES_WITHIN_MS, () => {
      const state = this.#machine.process?.kernel.view().accounts[0]?.tradingState;
      return state === 'Active' ? undefined : `unlocked it is ${state}: ${this.#watch.lastRefusal}`;
    });
    const small = { type: 'Limit', size: 100, behind: 20, post: false, ioc: false } as const;
    this.#people.submit({ kind: 'submit', afterMs: 0, side: 'Buy', ...small });
    const ours = (): Order | undefined => {
      // Exits that waited for the unlock are new too.
      return this.#orders().find(({ clientOrderId: id, origin }) => {
        return origin === 'Manual' && !before.has(id);
      });
    };
    let again = this.#time.nowMicros() + TRY_AGAIN_MICROS;
    await this.#until('NOT_USABLE', this.#patienceMs, () => {
      const order = ours();
      if (order?.status === 'Accepted') return this.#difference();
      // Of the last minute all weight may be used up.
      const passing = order?.status === 'Rejected' && TRY_AGAIN.has(order.reason?.code ?? '');
      if (passing && this.#time.nowMicros() >= again) {
        before.add(order.clientOrderId);
        this.#people.submit({ kind: 'submit', afterMs: 0, side: 'Buy', ...small });
        again = this.#time.nowMicros() + TRY_AGAIN_MICROS;
      }
      return `a small order must rest at the venue, is ${order?.status} ${order?.reason?.code ?? ''}`;
    });
    this.#people.cancelOrder(present(ours(), 'order'));
    await this.#until('NOT_USABLE', CONVERGES_WITHIN_MS, () => {
      const status = ours()?.status;
      return status === 'Canceled' ? this.#difference() : `a cancel must be done, is ${status}`;
    });
    const { process: running } = this.#machine;
    if (running !== undefined) this.#watch.exits.assertNoneMissing(running.kernel.view());
  }

  #orders(): readonly Order[] {
    return this.#machine.process?.kernel.view().orders ?? [];
  }

  async #finish(): Promise<{ journal: string; state: string }> {
    const { process: running } = this.#machine;
    if (running === undefined) throw new Violation('NOT_CONVERGED', 'the process is down');
    await running.stop();
    await this.#pass(0);
    const state = Buffer.from(running.kernel.encodeState());
    return readBack(this.#folder, state);
  }
}

/** Counts what the exchange took, by what is rare. */
function countOrders(desk: OrderDesk, tally: Tally): void {
  for (const { request, list, workingTimeMs, market } of desk.orders()) {
    if (market.index > 0) tally.add('orders beyond the first instrument');
    if (list !== undefined) tally.add('orders of lists');
    if (!isTrigger(request.type)) continue;
    tally.add(`stops, ${request.price === undefined ? 'market' : 'limit'}`);
    if (workingTimeMs >= 0) tally.add('stops triggered');
  }
}

function violationOf(rule: string, error: unknown): Violation {
  if (error instanceof Violation) return error;
  return new Violation(
    rule,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
}
