import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Vitals } from '../api/health.ts';
import type { BadInput } from '../base/bad-input.ts';

/** The part of the vitals that only the process's own work knows. */
export type OwnVitals = Partial<
  Pick<
    Vitals,
    | 'queues'
    | 'connections'
    | 'data'
    | 'counters'
    | 'latencies'
    | 'journal'
    | 'orders'
    | 'recordedTickBytes'
  >
>;

/** Measures a process: memory, processor, event loop. */
export class VitalSigns implements Disposable {
  readonly #nowMicros: () => number;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #cpu = process.cpuUsage();
  #measuredAt: number;

  constructor(nowMicros: () => number) {
    this.#nowMicros = nowMicros;
    this.#measuredAt = nowMicros();
    this.#delay.enable();
  }

  /** The vitals since the last call. */
  measure(own: OwnVitals, badInputs: readonly BadInput[]): Vitals {
    const at = this.#nowMicros();
    const used = process.cpuUsage(this.#cpu);
    const elapsed = Math.max(1, at - this.#measuredAt);
    const p99 = this.#delay.percentile(99);
    const most = this.#delay.max;
    this.#cpu = process.cpuUsage();
    this.#measuredAt = at;
    this.#delay.reset();
    return {
      at,
      uptimeMs: Math.round(process.uptime() * 1000),
      rssBytes: process.memoryUsage.rss(),
      cpuPercent: Math.round((1000 * (used.user + used.system)) / elapsed) / 10,
      loopDelayP99Nanos: finite(p99),
      // An empty histogram has its largest value below its smallest.
      loopDelayMaxNanos: finite(Math.max(most, p99)),
      queues: [],
      connections: [],
      data: [],
      counters: {},
      latencies: [],
      badInputs: [...badInputs],
      ...own,
    };
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
