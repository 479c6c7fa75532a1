import type { KillStatus, ProcessState } from '../../engine/api/host-service.ts';
import type { KillRequest, ProcessReport } from '../../engine/api/supervision.ts';
import { unixMicros, type UnixMicros } from '../../engine/domain/time.ts';

/** A trading process that lives takes a kill within this time; one that does not is ended. */
const TAKEN_WITHIN_MS = 1000;
/** One that was started in kill mode has read its journal by then; its delay is told and it is left to go on. */
const KILL_MODE_WITHIN_MS = 10_000;
/** Statuses kept, so that an id asked for twice is one kill. */
const KEPT = 100;

/** What the switch does to the trading process. */
export interface KillPorts {
  /** Hands the request over; false when no process is there to take it. */
  readonly post: (request: KillRequest) => boolean;
  /** Ends the process at once, if there is one, and starts it in kill mode; false when it was never started. */
  readonly replace: () => boolean;
  readonly onStatus: (status: KillStatus) => void;
}

/** Our time, on the wall clock. */
export function wallMicros(): UnixMicros {
  return unixMicros(Math.round((performance.timeOrigin + performance.now()) * 1000));
}

/** Sees to it that a kill is taken: by the trading process within a second, else by one started in its place. */
export class KillSwitch {
  readonly #ports: KillPorts;
  readonly #statuses = new Map<string, KillStatus>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #killMode: KillRequest | undefined;

  constructor(ports: KillPorts) {
    this.#ports = ports;
  }

  /** The kill that the next start of the trading process begins with. */
  get killMode(): KillRequest | undefined {
    return this.#killMode;
  }

  /** Where the kills and drills stand that were asked for, oldest first. */
  get statuses(): readonly KillStatus[] {
    return [...this.#statuses.values()];
  }

  /** Carries a kill or drill out; an id that was asked for before is told again and not carried out twice. */
  ask(request: KillRequest): void {
    const known = this.#statuses.get(request.commandId);
    if (known !== undefined) {
      this.#ports.onStatus(known);
      return;
    }
    const asked: KillStatus = { request, state: 'Asked', detail: '', lines: [] };
    const [oldest] = this.#statuses.keys();
    if (this.#statuses.size >= KEPT && oldest !== undefined) this.#statuses.delete(oldest);
    this.#put(asked);
    if (this.#ports.post(request)) {
      this.#await(asked, this.#killMode === undefined ? TAKEN_WITHIN_MS : KILL_MODE_WITHIN_MS);
      return;
    }
    this.#fallBack(asked, 'the trading process does not run');
  }

  /** The trading process said what became of a request. */
  onReport(report: Extract<ProcessReport, { type: 'KillTaken' | 'KillUnrecorded' }>): void {
    if (
      this.#killMode?.commandId === report.commandId &&
      (report.type === 'KillTaken' || report.done)
    ) {
      this.#killMode = undefined;
    }
    const status = this.#statuses.get(report.commandId);
    if (status === undefined) return;
    this.#clear(report.commandId);
    if (report.type === 'KillUnrecorded') {
      this.#put({ ...status, state: 'Unproved', detail: report.why, lines: report.lines });
      return;
    }
    const takenAfterMicros = Math.max(0, wallMicros() - status.request.askedAt);
    this.#put({ ...status, state: 'Taken', takenAfterMicros });
  }

  /** The trading process changed: a request that it cannot take any more falls back at once. */
  onTradeState({ state, detail }: ProcessState): void {
    if (state !== 'Restarting' && state !== 'Failed') return;
    const why = `the trading process is down: ${detail ?? 'no reason known'}`;
    for (const status of this.#statuses.values()) {
      if (status.state === 'Asked') this.#fallBack(status, why);
      else if (status.state === 'KillMode' && state === 'Failed') {
        this.#put({ ...status, state: 'Unproved', detail: why });
      }
    }
  }

  /** The processes are ended: what was not taken waits for nothing any more. */
  stop(): void {
    for (const id of [...this.#timers.keys()]) this.#clear(id);
  }

  #fallBack(status: KillStatus, why: string): void {
    const { request } = status;
    this.#clear(request.commandId);
    if (request.drill) {
      const detail = `${why}; a kill would start it anew`;
      this.#put({ ...status, state: 'Unproved', detail });
      return;
    }
    this.#killMode = request;
    if (!this.#ports.replace()) {
      const detail = 'trading has not started: what rests at the venue is canceled when it does';
      this.#put({ ...status, state: 'Unproved', detail });
      return;
    }
    const next: KillStatus = { ...status, state: 'KillMode', detail: why };
    this.#put(next);
    this.#await(next, KILL_MODE_WITHIN_MS);
  }

  #await(status: KillStatus, limitMs: number): void {
    const { commandId } = status.request;
    const timer = setTimeout(() => {
      const now = this.#statuses.get(commandId);
      const why = `the trading process did not take it within ${limitMs / 1000} s`;
      if (now?.state === 'Asked') this.#fallBack(now, why);
      if (now?.state === 'KillMode') {
        const detail = `${now.detail}; started anew, it has not taken it within ${limitMs / 1000} s`;
        this.#put({ ...now, state: 'Unproved', detail });
      }
    }, limitMs);
    timer.unref();
    this.#timers.set(commandId, timer);
  }

  #clear(commandId: string): void {
    clearTimeout(this.#timers.get(commandId));
    this.#timers.delete(commandId);
  }

  #put(status: KillStatus): void {
    this.#statuses.set(status.request.commandId, status);
    this.#ports.onStatus(status);
  }
}
