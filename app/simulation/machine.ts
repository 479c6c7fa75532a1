import { Xoshiro128 } from '../engine/base/rng.ts';
import { SimulatedDeath, SimulatedDisk } from './disk.ts';
import { EngineProcess } from './engine-process.ts';
import { SimulatedNetwork } from './network.ts';
import { Patience } from './patience.ts';
import { MachineClock } from './process-time.ts';
import type { Swarm, Tally } from './swarm.ts';
import type { VenueHost } from './venue-host.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Watch } from './watch.ts';

/** Main starts a process that died again after this. */
const RESTART_MS = 1000;

/** What a machine stands in. */
export interface MachineParts {
  readonly seed: number;
  readonly swarm: Swarm;
  readonly time: VirtualTime;
  readonly tally: Tally;
  readonly host: VenueHost;
  readonly watch: Watch;
  readonly sessionFolder: string;
  /** Changes what the venue sends over a WebSocket. */
  readonly tamper?: (text: string) => string;
  /** Told of a process that ended itself for anything but a simulated death. */
  onBroken(error: unknown): void;
}

/** The machine of the engine: clocks, disk, network, and the trading process that main starts again whenever it ends. */
export class Machine {
  readonly disk: SimulatedDisk;
  readonly network: SimulatedNetwork;
  readonly #parts: MachineParts;
  readonly #clock: MachineClock;
  readonly #starts: Xoshiro128;
  readonly #patience = new Patience();
  #process: EngineProcess | undefined;
  #tailLost = false;
  #restarting = false;
  #restarts = 0;
  #sleptMs = 0;

  constructor(parts: MachineParts) {
    const { time, swarm, tally, host, seed, tamper } = parts;
    this.#parts = parts;
    this.#clock = new MachineClock(time);
    this.network = new SimulatedNetwork({
      time,
      rng: new Xoshiro128(seed + 2),
      swarm,
      tally,
      host,
      patience: this.#patience,
      onViolation: parts.onBroken,
      ...(tamper === undefined ? {} : { tamper }),
    });
    this.disk = new SimulatedDisk({
      time,
      rng: new Xoshiro128(seed + 3),
      snapshotRng: new Xoshiro128(seed + 5),
      swarm,
      tally,
    });
    this.#starts = new Xoshiro128(seed + 4);
  }

  /** The process while it is there, stopped or asleep too. */
  get process(): EngineProcess | undefined {
    return this.#process?.alive === true ? this.#process : undefined;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** How long the machine slept so far. */
  get sleptMs(): number {
    return this.#sleptMs;
  }

  start(): void {
    const { time, host, watch, tally, sessionFolder, swarm } = this.#parts;
    this.#restarting = false;
    this.#patience.forget();
    this.#process = EngineProcess.start({
      time,
      clock: this.#clock,
      network: this.network,
      disk: this.disk,
      host,
      watch,
      tally,
      sessionFolder,
      durableBeforeSend: swarm.durableBeforeSend,
      tailLost: this.#tailLost,
      seed: this.#starts.nextUint32(),
      onFatal: (error) => this.#onFatal(error),
    });
    this.#tailLost = false;
  }

  /** Ends the process; with the power goes what was not synced. */
  die(powerToo: boolean): void {
    if (this.process === undefined) return;
    this.process.end();
    this.#leave(powerToo);
    this.#restartSoon();
  }

  /** Ends the process as main does; one that does not answer is killed. */
  async stop(): Promise<void> {
    const running = this.process;
    if (running === undefined) return;
    if (running.frozen) {
      this.die(false);
      return;
    }
    await running.stop();
    this.network.cut();
    this.#parts.tally.add('clean stops');
    this.#restartSoon();
  }

  /** Sets the machine's clock forward or back. */
  setClock(micros: number): void {
    this.#parts.tally.add(micros > 0 ? 'clocks set forward' : 'clocks set back');
    this.#patience.forget();
    this.#clock.set(micros);
  }

  /** The machine sleeps until `wake`; connections that nobody serves may be forgotten on the way. */
  sleep(): void {
    this.#parts.tally.add('sleeps of the machine');
    if (this.#starts.nextBelow(2) === 0) this.network.goSilent();
    this.#clock.sleep();
    if (this.process !== undefined) this.process.asleep = true;
  }

  /** `sleptMs` after `sleep`. */
  wake(sleptMs: number): void {
    this.#sleptMs += sleptMs;
    this.#clock.wake();
    if (this.process !== undefined) this.process.asleep = false;
  }

  /** The process is stopped for `ms` while everything else goes on. */
  freeze(ms: number): void {
    const running = this.process;
    if (running === undefined || running.frozen) return;
    this.#parts.tally.add('stops of the process');
    running.stopped = true;
    this.#parts.time.setTimer(ms, () => {
      running.stopped = false;
    });
  }

  /** From now on nothing goes wrong. */
  recover(): void {
    this.network.recover();
    this.disk.recover();
    const running = this.process;
    if (running === undefined) return;
    running.stopped = false;
    running.feed?.recover();
  }

  /** The process is gone for good, and what it had open. */
  abandon(): void {
    this.process?.end();
    this.disk.release();
  }

  #onFatal(error: unknown): void {
    const { tally, time } = this.#parts;
    if (!(error instanceof SimulatedDeath)) {
      this.#parts.onBroken(error);
      return;
    }
    tally.add('deaths in mid work');
    this.#restartSoon();
    // With the process the power may go.
    const powerToo = this.#starts.nextBelow(2) === 0;
    time.setTimer(0, () => this.#leave(powerToo));
  }

  #restartSoon(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    this.#parts.time.setTimer(RESTART_MS, () => {
      this.#restarts += 1;
      this.start();
    });
  }

  /** What the process leaves behind. */
  #leave(powerToo: boolean): void {
    this.#parts.tally.add(powerToo ? 'power losses' : 'kills');
    if (powerToo) {
      this.disk.losePower();
      this.network.goSilent();
      this.#tailLost = true;
      return;
    }
    this.disk.release();
    this.network.cut();
  }
}
