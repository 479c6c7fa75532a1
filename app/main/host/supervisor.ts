import type { ProcessState } from '../../engine/api/host-service.ts';
import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
} from '../../engine/api/supervision.ts';
import type { ChildEvents, EngineChild, GivenConnection } from './engine-child.ts';

/** Pause before a restart, doubled each time up to the last. */
const RESTART_PAUSES_MS = [100, 200, 400, 800, 1600, 3000];
/** Starts in a minute after which the process stays down and says so. */
const MOST_STARTS_A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** How long a process may take to stop cleanly before it is killed. */
const STOP_TIMEOUT_MS = 5000;

/** What to run and what to tell it first. */
export interface ProcessPlan {
  readonly name: ProcessState['name'];
  readonly launch: (events: ChildEvents) => EngineChild;
  /** Built anew at each start, so that a restart gets what is true then. */
  readonly configure: () => ProcessCommand;
}

/** Runs one engine process, restarts it when it dies, and says how it is. */
export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  readonly #onState: (state: ProcessState) => void;
  readonly #onReport: (report: ProcessReport) => void;
  readonly #onTrouble: (code: 'PROCESS_STDERR' | 'REPORT_MALFORMED', text: string) => void;
  #child: EngineChild | undefined;
  /** Called when the child that is being stopped has ended. */
  #onEnded: () => void = () => undefined;
  #restarts = 0;
  #recentStarts: number[] = [];
  #stopping = false;
  #stopped = false;
  #replacing = false;
  #timer: NodeJS.Timeout | undefined;
  #state: ProcessState;

  constructor(
    plan: ProcessPlan,
    listeners: {
      onState: (state: ProcessState) => void;
      onReport: (report: ProcessReport) => void;
      /** A line it wrote to its standard error, or a message of it that nobody understands. */
      onTrouble: (code: 'PROCESS_STDERR' | 'REPORT_MALFORMED', text: string) => void;
    },
  ) {
    this.#plan = plan;
    this.#onState = listeners.onState;
    this.#onReport = listeners.onReport;
    this.#onTrouble = listeners.onTrouble;
    this.#state = { name: plan.name, state: 'Stopped', restarts: 0 };
  }

  /** How the process is now. */
  get state(): ProcessState {
    return this.#state;
  }

  /** Starts the process and keeps it running until `stop`. */
  start(): void {
    const now = performance.now();
    this.#recentStarts = [...this.#recentStarts, now].filter((start) => now - start < MINUTE_MS);
    const child: EngineChild = this.#plan.launch({
      onMessage: (message) => this.#onMessage(child, message),
      onErrorLine: (line) => {
        if (line !== '') this.#onTrouble('PROCESS_STDERR', line);
      },
      onEnd: (how) => this.#ended(how),
    });
    this.#child = child;
    this.#change('Starting', child.pid);
    child.send(encodeMessage(processCommandSchema, this.#plan.configure()));
  }

  /** Tells the process something; what a process that is down missed it gets with its next start. */
  tell(command: ProcessCommand): void {
    if (this.#state.state !== 'Running' || this.#child?.connected !== true) return;
    this.#child.send(encodeMessage(processCommandSchema, command));
  }

  /** Hands something to the process though it may still be starting; false when there is none. */
  post(command: ProcessCommand): boolean {
    if (this.#child?.connected !== true || this.#replacing) return false;
    this.#child.send(encodeMessage(processCommandSchema, command));
    return true;
  }

  /** Ends the process without asking, also one that is given up, and starts another at once. False before the first start and after `stop`. */
  replace(): boolean {
    if (this.#stopped || this.#recentStarts.length === 0) return false;
    clearTimeout(this.#timer);
    this.#stopping = false;
    this.#recentStarts = [];
    if (this.#child === undefined) this.start();
    else {
      this.#replacing = true;
      this.#child.kill();
    }
    return true;
  }

  /** Gives it an authenticated connection. False when the process is not running or cannot be given one of that kind. */
  give(
    command: Extract<ProcessCommand, { type: 'Socket' | 'Port' }>,
    to: GivenConnection,
  ): boolean {
    if (this.#state.state !== 'Running' || this.#child?.connected !== true) return false;
    return this.#child.give(encodeMessage(processCommandSchema, command), to);
  }

  /** Stops the process cleanly; kills it when it does not end in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) {
      if (this.#state.state === 'Restarting') this.#change('Stopped', undefined);
      return;
    }
    const ended = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    const killer = setTimeout(() => child.kill(), STOP_TIMEOUT_MS);
    if (child.connected) child.send(encodeMessage(processCommandSchema, { type: 'Stop' }));
    await ended;
    clearTimeout(killer);
  }

  /** What cannot be understood comes from a process that went wrong: it is ended and started again. */
  #onMessage(child: EngineChild, message: unknown): void {
    const decoded = decodeMessage(processReportSchema, message);
    if (!decoded.ok) {
      this.#onTrouble('REPORT_MALFORMED', decoded.error.message);
      child.kill();
      return;
    }
    if (this.#state.state === 'Failed' || this.#replacing) return;
    const report = decoded.value;
    if (this.#state.state === 'Starting' && report.type.endsWith('Ready')) {
      this.#change('Running', child.pid);
    }
    this.#onReport(report);
    if (report.type !== 'Failed') return;
    this.#stopping = true;
    this.#change('Failed', undefined, `${report.code}: ${report.message}`);
  }

  #ended(detail: string): void {
    this.#child = undefined;
    this.#onEnded();
    if (this.#replacing && !this.#stopped) {
      this.#replacing = false;
      this.#restarts += 1;
      this.start();
      return;
    }
    if (this.#stopping) {
      if (this.#state.state !== 'Failed') this.#change('Stopped', undefined);
      return;
    }
    const now = performance.now();
    const recent = this.#recentStarts.filter((start) => now - start < MINUTE_MS).length;
    if (recent >= MOST_STARTS_A_MINUTE) {
      this.#stopping = true;
      this.#change('Failed', undefined, `${detail}, ${recent} times in a minute`);
      return;
    }
    const pause = RESTART_PAUSES_MS[Math.min(Math.max(recent, 1), RESTART_PAUSES_MS.length) - 1];
    this.#restarts += 1;
    // Set before it is told: who hears of it may start another at once instead.
    this.#timer = setTimeout(() => {
      this.start();
    }, pause);
    this.#change('Restarting', undefined, detail);
  }

  #change(state: ProcessState['state'], pid: number | undefined, detail?: string): void {
    this.#state = {
      name: this.#plan.name,
      state,
      restarts: this.#restarts,
      ...(pid === undefined ? {} : { pid }),
      ...(detail === undefined ? {} : { detail }),
    };
    this.#onState(this.#state);
  }
}
