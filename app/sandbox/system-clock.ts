import { performance } from 'node:perf_hooks';
import type { SandboxClock } from './clock.ts';

/** The machine's clock: wall time sampled once, then advanced by the monotonic one. */
export function systemClock(): SandboxClock {
  const origin = performance.timeOrigin;
  return {
    nowMicros: () => Math.floor((origin + performance.now()) * 1000),
    every(intervalMs, task) {
      const timer = setInterval(task, intervalMs);
      return { [Symbol.dispose]: () => clearInterval(timer) };
    },
  };
}
