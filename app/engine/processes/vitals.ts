import type { ConnectionVitals, Latency, Vitals } from '../api/health.ts';
import type { Histogram } from '../native/io/histogram.ts';
import { VitalSigns, type OwnVitals } from '../server/vital-signs.ts';
import type { RestHealth } from '../venues/binance/spot/index.ts';
import { report } from './parent-port.ts';
import { badInputs } from './process-log.ts';
import type { SystemTime } from './system-time.ts';

const EVERY_MS = 1000;

/** Tells main once a second how this process is; `own` adds what only its work knows. */
export function tellVitals(time: SystemTime, own: () => OwnVitals): void {
  const signs = new VitalSigns(() => time.nowMicros());
  setInterval(() => {
    report({ type: 'Vitals', vitals: signs.measure(own(), badInputs.entries) });
  }, EVERY_MS).unref();
}

/** The REST interface as a row among the connections. */
export function restRow(rest: RestHealth): ConnectionVitals {
  const { requests, failures, lastAnswerAt, lastFailed, latencyMicros, clockOffsetMicros } = rest;
  const lately = lastFailed ? 'Disconnected' : 'Connected';
  return {
    connection: 'rest',
    state: requests === 0 ? 'Connecting' : lately,
    ...(latencyMicros === undefined ? {} : { latencyMicros }),
    ...(clockOffsetMicros === undefined ? {} : { clockOffsetMicros }),
    ...(lastAnswerAt === undefined ? {} : { lastMessageAt: lastAnswerAt }),
    messages: requests,
    parseErrors: failures,
    weightUsed: rest.weightUsed,
    weightLimit: rest.weightLimit,
  };
}

/** The queue of requests for the venue. */
export function requestQueueOf(rest: RestHealth): Vitals['queues'][number] {
  const { waiting: depth, mostWaiting: most, refused: dropped } = rest;
  return { name: 'venue requests', depth, most, dropped };
}

/** A histogram's figures under a name. */
export function latencyOf(name: Latency['name'], histogram: Histogram): Latency {
  const { count, mean, max, p50, p99, p999 } = histogram.summary();
  const sumNanos = Math.round(mean * count);
  return { name, count, sumNanos, p50Nanos: p50, p99Nanos: p99, p999Nanos: p999, maxNanos: max };
}
