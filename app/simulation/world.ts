import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { Xoshiro128, type Rng } from '../engine/base/rng.ts';
import { present, unreachable } from '../engine/base/invariant.ts';
import type { Command } from '../engine/domain/command.ts';
import { isTerminal, type Order } from '../engine/domain/order.ts';
import { price, quantity } from '../engine/domain/price.ts';
import { accountId } from '../engine/domain/identifiers.ts';
import { differenceBetween } from './agreement.ts';
import { SimulatedDeath, SimulatedDisk } from './disk.ts';
import { EngineProcess } from './engine-process.ts';
import { readBack } from './journal-digest.ts';
import { SimulatedNetwork } from './network.ts';
import type { Step } from './script.ts';
import { Tally, type Swarm } from './swarm.ts';
import { VenueHost } from './venue-host.ts';
import { VirtualTime } from './virtual-time.ts';
import { Violation, Watch } from './watch.ts';

const START_MICROS = 1_760_000_000_000_000;
const CONVERGES_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Longer than a half-open connection goes unnoticed. */
const SETTLES_MS = 25_000;
/** Main starts a process that died again after this. */
const RESTART_MS = 1000;
const WHOLE_UNIT = 100;

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
  readonly fills: number;
  readonly restarts: number;
  readonly simulatedMs: number;
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

class World {
  readonly #spec: WorldSpec;
  readonly #folder: string;
  readonly #time = new VirtualTime(START_MICROS);
  readonly #tally = new Tally();
  readonly #host: VenueHost;
  readonly #network: SimulatedNetwork;
  readonly #disk: SimulatedDisk;
  readonly #watch: Watch;
  readonly #starts: Rng;
  #process: EngineProcess | undefined;
  #failure: Violation | undefined;
  #clockOffset = 0;
  #tailLost = false;
  #restarts = 0;
  #steps = 0;
  #commands = 0;
  #convergedMs: number | undefined;
  #restarting = false;

  constructor(spec: WorldSpec, folder: string) {
    const { seed, swarm, tamper } = spec;
    this.#spec = spec;
    this.#folder = folder;
    const time = this.#time;
    const tally = this.#tally;
    this.#host = new VenueHost(time, new Xoshiro128(seed + 1), swarm.selfTrade);
    this.#network = new SimulatedNetwork({
      time,
      rng: new Xoshiro128(seed + 2),
      swarm,
      tally,
      host: this.#host,
      ...(tamper === undefined ? {} : { tamper: tamper() }),
    });
    this.#disk = new SimulatedDisk({ time, rng: new Xoshiro128(seed + 3), swarm, tally });
    this.#starts = new Xoshiro128(seed + 4);
    const { durableBeforeSend } = swarm;
    const { symbol } = this.#host.instrument;
    this.#watch = new Watch(this.#host.exchange, symbol, durableBeforeSend);
  }

  /** Ends the world with what nobody caught. */
  fail(error: unknown): void {
    this.#failure ??= violationOf('UNCAUGHT', error);
  }

  async run(): Promise<Outcome> {
    let violation: Violation | undefined;
    let hashes = { journal: '', state: '' };
    try {
      this.#start();
      for (const step of this.#spec.script) {
        await this.#do(step);
        await this.#pass(step.afterMs);
        this.#steps += 1;
        if (this.#process?.alive === true) this.#watch.assertSound(this.#process.kernel);
      }
      await this.#converge();
      hashes = await this.#finish();
    } catch (error) {
      violation = violationOf('UNCAUGHT', error);
      this.#process?.end();
      this.#disk.release();
    }
    return {
      violation,
      steps: this.#steps,
      inputs: this.#watch.inputs,
      fills: this.#host.exchange.desk.fills.length,
      restarts: this.#restarts,
      simulatedMs: (this.#time.nowMicros() - START_MICROS) / 1000,
      convergedMs: this.#convergedMs,
      tally: this.#tally,
      journalHash: hashes.journal,
      stateHash: hashes.state,
    };
  }

  /** Lets time go by; every promise settles before the next thing happens. */
  async #pass(ms: number): Promise<void> {
    const until = this.#time.nowMicros() + ms * 1000;
    await turn();
    while (this.#time.step(until)) {
      await turn();
      if (this.#failure !== undefined) throw this.#failure;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(): void {
    this.#restarting = false;
    this.#process = EngineProcess.start({
      time: this.#time,
      network: this.#network,
      disk: this.#disk,
      host: this.#host,
      watch: this.#watch,
      sessionFolder: this.#folder,
      durableBeforeSend: this.#spec.swarm.durableBeforeSend,
      clockOffsetMicros: this.#clockOffset,
      tailLost: this.#tailLost,
      seed: this.#starts.nextUint32(),
      onFatal: (error) => this.#onFatal(error),
    });
    this.#tailLost = false;
  }

  #onFatal(error: unknown): void {
    if (!(error instanceof SimulatedDeath)) {
      this.fail(violationOf('PROCESS_DIED', error));
      return;
    }
    this.#tally.add('deaths in mid work');
    this.#restartSoon();
    // With the process the power may go.
    const powerToo = this.#starts.nextBelow(2) === 0;
    this.#time.setTimer(0, () => this.#leave(powerToo));
  }

  #restartSoon(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    this.#time.setTimer(RESTART_MS, () => {
      this.#restarts += 1;
      this.#start();
    });
  }

  #die(powerToo: boolean): void {
    if (this.#process?.alive !== true) return;
    this.#process.end();
    this.#leave(powerToo);
    this.#restartSoon();
  }

  /** What the process leaves behind. */
  #leave(powerToo: boolean): void {
    this.#tally.add(powerToo ? 'power losses' : 'kills');
    if (powerToo) {
      this.#disk.losePower();
      this.#network.goSilent();
      this.#tailLost = true;
      return;
    }
    this.#disk.release();
    this.#network.cut();
  }

  async #stop(): Promise<void> {
    if (this.#process?.alive !== true) return;
    await this.#process.stop();
    this.#network.cut();
    this.#tally.add('clean stops');
    this.#restartSoon();
  }

  #command(command: Command): void {
    this.#commands += 1;
    this.#process?.command(`command-${String(this.#commands).padStart(6, '0')}`, command);
  }

  #liveOrder(pick: number): Order | undefined {
    if (this.#process?.alive !== true) return undefined;
    const live = this.#process.kernel.view().orders.filter(({ status }) => !isTerminal(status));
    return live[pick % Math.max(1, live.length)];
  }

  #priceBehind(side: 'Buy' | 'Sell', behind: number): number {
    const { bid, ask } = this.#host.market.quote;
    return side === 'Buy' ? bid - behind * WHOLE_UNIT : ask + behind * WHOLE_UNIT;
  }

  async #do(step: Step): Promise<void> {
    const account = accountId(this.#host.venueId, 'main');
    switch (step.kind) {
      case 'submit':
        this.#submit(step);
        return;
      case 'cancel': {
        const order = this.#liveOrder(step.pick);
        if (order) this.#command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
        return;
      }
      case 'replace': {
        const order = this.#liveOrder(step.pick);
        if (order?.type !== 'Limit') return;
        const at = price(this.#priceBehind(order.side, step.behind));
        const { clientOrderId } = order;
        const wanted = quantity(step.size);
        this.#command({ type: 'ReplaceOrder', clientOrderId, quantity: wanted, price: at });
        return;
      }
      case 'cancelAll':
        this.#command({ type: 'CancelAll', account });
        return;
      case 'flatten':
        this.#command({ type: 'Flatten', account });
        return;
      case 'kill':
        this.#command({ type: 'Kill' });
        return;
      case 'lock':
        this.#command({ type: 'Lock', account });
        return;
      case 'open':
        this.#command({ type: 'Unlock', account });
        this.#command({ type: 'Arm' });
        return;
      case 'disarm':
        this.#command({ type: 'Disarm' });
        return;
      case 'part':
        this.#process?.part();
        return;
      case 'lapped':
        this.#process?.lapped(1);
        return;
      case 'stale':
      case 'live':
        this.#process?.setStale(step.kind === 'stale');
        return;
      case 'cut':
        this.#tally.add('cuts');
        this.#network.cut();
        return;
      case 'silence':
        this.#tally.add('silences');
        this.#network.goSilent();
        return;
      case 'refuse':
        this.#tally.add('outages');
        this.#network.refuse(step.ms);
        return;
      case 'die':
        this.#die(false);
        return;
      case 'dieSoon':
        this.#disk.dieSoon();
        return;
      case 'losePower':
        this.#die(true);
        return;
      case 'stop':
        await this.#stop();
        return;
      case 'elsewhere': {
        const at = this.#priceBehind(step.side, step.behind);
        this.#host.placeElsewhere(step.side, step.size, at);
        return;
      }
      case 'cancelElsewhere':
        this.#host.cancelElsewhere(step.pick);
        return;
      case 'clock':
        this.#tally.add('clock steps');
        this.#clockOffset += step.micros;
        return;
      default:
        unreachable(step);
    }
  }

  #submit(step: Extract<Step, { kind: 'submit' }>): void {
    const { side, type, size, behind, post, ioc } = step;
    const { id } = this.#host.instrument;
    this.#command({
      type: 'SubmitOrder',
      terms: {
        instrument: id,
        account: accountId(this.#host.venueId, 'main'),
        side,
        type,
        quantity: quantity(size),
        ...(type === 'Limit' ? { price: price(this.#priceBehind(side, behind)) } : {}),
        timeInForce: ioc ? 'IOC' : 'GTC',
        postOnly: post,
        reduceOnly: false,
      },
    });
  }

  /** No faults any more: engine and venue must agree within a minute, and the account must trade again. */
  async #converge(): Promise<void> {
    this.#network.recover();
    this.#disk.recover();
    this.#host.calm();
    this.#process?.setStale(false);
    this.#convergedMs = await this.#until('NOT_CONVERGED', () => this.#difference());
    // A connection may still be half open.
    await this.#pass(SETTLES_MS);
    await this.#until('NOT_CONVERGED', () => this.#difference());
    await this.#tradeAgain();
  }

  /** Lets time go by until nothing is missing any more; throws with what is missing after a minute. */
  async #until(rule: string, missing: () => string | undefined): Promise<number> {
    const begun = this.#time.nowMicros();
    for (;;) {
      await this.#pass(LOOK_EVERY_MS);
      const elapsedMs = (this.#time.nowMicros() - begun) / 1000;
      const what = missing();
      if (what === undefined) return elapsedMs;
      if (elapsedMs >= CONVERGES_WITHIN_MS) throw new Violation(rule, what);
    }
  }

  #difference(): string | undefined {
    if (this.#process?.alive !== true) return 'the process is down';
    return differenceBetween(this.#process.kernel.view(), this.#host.exchange);
  }

  /** An order can be placed and canceled again. */
  async #tradeAgain(): Promise<void> {
    const before = new Set(this.#orders().map(({ clientOrderId }) => clientOrderId));
    await this.#do({ kind: 'open', afterMs: 0 });
    await this.#until('NOT_USABLE', () => {
      const state = this.#process?.kernel.view().accounts[0]?.tradingState;
      return state === 'Active' ? undefined : `unlocked it is ${state}: ${this.#watch.lastRefusal}`;
    });
    const small = { type: 'Limit', size: 100, behind: 20, post: false, ioc: false } as const;
    this.#submit({ kind: 'submit', afterMs: 0, side: 'Buy', ...small });
    const ours = (): Order | undefined => {
      return this.#orders().find(({ clientOrderId }) => !before.has(clientOrderId));
    };
    await this.#until('NOT_USABLE', () => {
      const order = ours();
      if (order?.status === 'Accepted') return this.#difference();
      return `a small order must rest at the venue, is ${order?.status} ${order?.reason?.code ?? ''}`;
    });
    const order = present(ours(), 'order');
    this.#command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
    await this.#until('NOT_USABLE', () => {
      const status = ours()?.status;
      return status === 'Canceled' ? this.#difference() : `a cancel must be done, is ${status}`;
    });
  }

  #orders(): readonly Order[] {
    return this.#process?.kernel.view().orders ?? [];
  }

  async #finish(): Promise<{ journal: string; state: string }> {
    const running = this.#process;
    if (running === undefined) throw new Violation('NOT_CONVERGED', 'the process is down');
    await running.stop();
    await this.#pass(0);
    const state = Buffer.from(running.kernel.encodeState());
    return readBack(this.#folder, state);
  }
}

function violationOf(rule: string, error: unknown): Violation {
  if (error instanceof Violation) return error;
  return new Violation(
    rule,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
}
