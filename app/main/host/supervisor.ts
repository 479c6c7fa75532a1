import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
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
/** Starts in a minute after which the process stays down and says so. */
const MOST_STARTS_A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** How long a process may take to stop cleanly before it is killed. */
const STOP_TIMEOUT_MS = 5000;

/** What to run and what to tell it first. */
export interface ProcessPlan {
  readonly name: ProcessState['name'];
  readonly entry: URL;
  /** Arguments of the process. */
  readonly args?: readonly string[];
  /** Built anew at each start, so that a restart gets what is true then. */
  readonly configure: () => ProcessCommand;
}

/** Runs one engine process, restarts it when it dies, and says how it is. */
export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  readonly #onState: (state: ProcessState) => void;
  readonly #onReport: (report: ProcessReport) => void;
  readonly #onTrouble: (code: 'PROCESS_STDERR' | 'REPORT_MALFORMED', text: string) => void;
  #child: ChildProcess | undefined;
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
    // The engine's processes get no environment but the way to their libraries: keys and proxies travel by message.
    const child = fork(this.#plan.entry, this.#plan.args ?? [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: processEnvironment(),
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#child = child;
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (line !== '') this.#onTrouble('PROCESS_STDERR', line);
      });
    }
    this.#change('Starting', child.pid);
    child.on('message', (message) => {
      this.#onMessage(child, message);
    });
    let ended = false;
    const onEnd = (how: string): void => {
      if (ended) return;
      ended = true;
      this.#ended(how);
    };
    child.on('exit', (code, signal) => onEnd(`ended by ${signal ?? `exit ${code}`}`));
    // Also told when a message can no longer be delivered: the exit that follows says why.
    child.on('error', (error) => {
      if (child.pid === undefined) onEnd(`cannot be started: ${error.message}`);
    });
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
      this.#child.kill('SIGKILL');
    }
    return true;
  }

  /** Hands an authenticated socket over. False when the process is not running. */
  handSocket(command: Extract<ProcessCommand, { type: 'Socket' }>, socket: Socket): boolean {
    if (this.#state.state !== 'Running' || this.#child?.connected !== true) return false;
    stopReading(socket);
    this.#child.send(encodeMessage(processCommandSchema, command), socket);
    return true;
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
      child.once('exit', () => {
        resolve();
      });
    });
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (child.connected) child.send(encodeMessage(processCommandSchema, { type: 'Stop' }));
    await ended;
    clearTimeout(killer);
  }

  /** What cannot be understood comes from a process that went wrong: it is ended and started again. */
  #onMessage(child: ChildProcess, message: unknown): void {
    const decoded = decodeMessage(processReportSchema, message);
    if (!decoded.ok) {
      this.#onTrouble('REPORT_MALFORMED', decoded.error.message);
      child.kill('SIGKILL');
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

function processEnvironment(): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'LD_LIBRARY_PATH', 'QD_ADDON', 'SystemRoot', 'TZ']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Node goes on reading a socket until the process it is handed to has confirmed it, and drops what it reads: a client that answers the handshake at once would lose its first message. No public call stops that. */
function stopReading(socket: Socket): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const readStop: unknown = Reflect.get(handle, 'readStop');
  if (typeof readStop === 'function') Reflect.apply(readStop, handle, []);
}
