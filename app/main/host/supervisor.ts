import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ProcessState } from '../../engine/api/host-service.ts';
import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
} from '../../engine/api/supervision.ts';

/** Pause before a restart, doubled each time up to the last. */
const RESTART_PAUSES_MS = [100, 200, 400, 800, 1600, 3000];
/** Restarts in a minute after which the process stays down and says so. */
const MOST_RESTARTS_A_MINUTE = 10;
/** How long a process may take to stop cleanly before it is killed. */
const STOP_TIMEOUT_MS = 5000;

/** What to run and what to tell it first. */
export interface ProcessPlan {
  readonly name: ProcessState['name'];
  readonly entry: URL;
  /** Built anew at each start, so that a restart gets what is true then. */
  readonly configure: () => ProcessCommand;
}

/** Runs one engine process, restarts it when it dies, and says how it is. */
export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  readonly #onState: (state: ProcessState) => void;
  readonly #onReport: (report: ProcessReport) => void;
  #child: ChildProcess | undefined;
  #restarts = 0;
  #recentStarts: number[] = [];
  #stopping = false;
  #timer: NodeJS.Timeout | undefined;
  #state: ProcessState;

  constructor(
    plan: ProcessPlan,
    listeners: {
      onState: (state: ProcessState) => void;
      onReport: (report: ProcessReport) => void;
    },
  ) {
    this.#plan = plan;
    this.#onState = listeners.onState;
    this.#onReport = listeners.onReport;
    this.#state = { name: plan.name, state: 'Stopped', restarts: 0 };
  }

  /** How the process is now. */
  get state(): ProcessState {
    return this.#state;
  }

  /** Starts the process and keeps it running until `stop`. */
  start(): void {
    this.#recentStarts.push(performance.now());
    this.#recentStarts = this.#recentStarts.slice(-MOST_RESTARTS_A_MINUTE);
    // The engine's processes get no environment but the way to their libraries: keys and proxies travel by message.
    const child = fork(this.#plan.entry, [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: processEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#change('Starting', child.pid);
    child.on('message', (message) => {
      const decoded = decodeMessage(processReportSchema, message);
      if (!decoded.ok) throw new Error(`${this.#plan.name}: ${decoded.error.message}`);
      const report = decoded.value;
      if (report.type === 'Failed') {
        this.#stopping = true;
        this.#change('Failed', undefined, `${report.code}: ${report.message}`);
      } else {
        this.#change('Running', child.pid);
      }
      this.#onReport(report);
    });
    child.on('exit', (code, signal) => {
      this.#ended(code, signal);
    });
    child.send(encodeMessage(processCommandSchema, this.#plan.configure()));
  }

  /** Hands an authenticated socket over. False when the process is not running. */
  handSocket(command: Extract<ProcessCommand, { type: 'Socket' }>, socket: Socket): boolean {
    if (this.#state.state !== 'Running' || this.#child?.connected !== true) return false;
    this.#child.send(encodeMessage(processCommandSchema, command), socket);
    return true;
  }

  /** Stops the process cleanly; kills it when it does not end in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (child.connected) child.send(encodeMessage(processCommandSchema, { type: 'Stop' }));
    await ended;
    clearTimeout(killer);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    if (this.#stopping) {
      if (this.#state.state !== 'Failed') this.#change('Stopped', undefined);
      return;
    }
    const oldest = this.#recentStarts[0] ?? 0;
    const full = this.#recentStarts.length === MOST_RESTARTS_A_MINUTE;
    const detail = `ended by ${signal ?? `exit ${code}`}`;
    if (full && performance.now() - oldest < 60_000) {
      this.#change('Failed', undefined, `${detail}, ${MOST_RESTARTS_A_MINUTE} times in a minute`);
      return;
    }
    const pause =
      RESTART_PAUSES_MS[Math.min(this.#recentStarts.length, RESTART_PAUSES_MS.length) - 1];
    this.#restarts += 1;
    this.#change('Restarting', undefined, detail);
    this.#timer = setTimeout(() => {
      this.start();
    }, pause);
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

function processEnvironment(): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'LD_LIBRARY_PATH', 'QD_ADDON', 'SystemRoot', 'TZ']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
