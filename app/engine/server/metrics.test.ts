import { expect, test } from 'vitest';
import type { EngineHealth, Vitals } from '../api/health.ts';
import type { InstrumentId } from '../domain/identifiers.ts';
import { metricsText } from './metrics.ts';

interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Map<string, number>;
}

/** A small reader of the exposition format, written from its description: families in one block each, HELP and TYPE before the samples. */
function read(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let helped: { name: string; help: string } | undefined;
  let current: { name: string; family: Family } | undefined;
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_:][a-z0-9_:]*) (.+)$/.exec(line);
    if (help !== null) {
      helped = { name: String(help[1]), help: String(help[2]) };
      continue;
    }
    const type = /^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|summary)$/.exec(line);
    if (type !== null) {
      const name = String(type[1]);
      if (families.has(name) || helped?.name !== name) throw new Error(`block of ${name}`);
      const family = { type: String(type[2]), help: helped.help, samples: new Map() };
      families.set(name, family);
      current = { name, family };
      continue;
    }
    const sample =
      /^([a-z_:][a-z0-9_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$/.exec(line);
    if (sample === null || current === undefined) throw new Error(`not a sample: ${line}`);
    const [, name = '', labels = '', value] = sample;
    const suffix = name.slice(current.name.length);
    if (!name.startsWith(current.name) || !['', '_sum', '_count'].includes(suffix)) {
      throw new Error(`${name} stands in the block of ${current.name}`);
    }
    const key = `${suffix}${labels}`;
    if (current.family.samples.has(key)) throw new Error(`twice: ${line}`);
    expect(Number.isFinite(Number(value))).toBe(true);
    current.family.samples.set(key, Number(value));
  }
  return families;
}

function vitals(changes: Partial<Vitals> = {}): Vitals {
  return {
    at: 2_000_000,
    uptimeMs: 1500,
    rssBytes: 7,
    cpuPercent: 50,
    loopDelayP99Nanos: 1e6,
    loopDelayMaxNanos: 2e6,
    queues: [{ name: 'venue requests', depth: 1, most: 500, dropped: 2 }],
    connections: [],
    data: [],
    counters: {},
    latencies: [],
    badInputs: [],
    ...changes,
  };
}

function health(trade: Partial<Vitals> = {}): EngineHealth {
  return {
    at: 3_000_000,
    processes: [
      { process: { name: 'trade', state: 'Running', pid: 1, restarts: 2 }, vitals: vitals(trade) },
      { process: { name: 'feed', state: 'Restarting', restarts: 1 } },
    ],
    main: vitals(),
    log: { written: 9, lost: 0 },
  };
}

test('every family has HELP and TYPE, counters end in _total, names carry their unit', () => {
  const connection = {
    connection: 'market "1"\\',
    state: 'Connected',
    latencyMicros: 250,
    clockOffsetMicros: -50,
    messages: 3,
    unknownMessages: 0,
    parseErrors: 0,
    reconnects: 0,
    resyncs: 0,
    weightUsed: 7,
    weightLimit: 6000,
  } as const;
  const latency = {
    name: 'kernel',
    count: 4,
    sumNanos: 8000,
    p50Nanos: 2000,
    p99Nanos: 2500,
  } as const;
  const families = read(
    metricsText({
      ...health({
        connections: [connection],
        data: [
          { instrument: 'BTCUSDT.BINANCE' as InstrumentId, state: 'Stale', lastAt: 1_000_000 },
        ],
        latencies: [{ ...latency, p999Nanos: 3000, maxNanos: 3000 }],
        orders: { byStatus: { Filled: 2 }, unknown: 1 },
        journal: { state: 'Failed', detail: 'full', records: 5, bytes: 50, durableLag: 1 },
      }),
      disk: {
        freeBytes: 11,
        totalBytes: 12,
        growth: { streams: [{ stream: 'market', bytesPerDay: 5 }], daysUntilFull: 2.2 },
        ticks: { recordedBytes: 13, budgetBytes: 14 },
      },
    }),
  );
  for (const [name, { type, help }] of families) {
    expect(name).toMatch(/^quarterdeck_/);
    expect(help.length).toBeGreaterThan(5);
    expect(name.endsWith('_total')).toBe(type === 'counter');
  }
  const value = (name: string, key: string): number | undefined =>
    families.get(`quarterdeck_${name}`)?.samples.get(key);
  expect(value('process_up', '{process="trade"}')).toBe(1);
  expect(value('process_up', '{process="feed"}')).toBe(0);
  expect(value('process_restarts_total', '{process="trade"}')).toBe(2);
  expect(
    value('connection_round_trip_seconds', '{process="trade",connection="market \\"1\\"\\\\"}'),
  ).toBe(0.00025);
  expect(value('instrument_live', '{instrument="BTCUSDT.BINANCE"}')).toBe(0);
  expect(value('instrument_data_age_seconds', '{instrument="BTCUSDT.BINANCE"}')).toBe(2);
  expect(value('orders', '{status="Filled"}')).toBe(2);
  expect(value('orders_unknown', '')).toBe(1);
  expect(value('journal_up', '')).toBe(0);
  expect(value('kernel_latency_seconds', '{quantile="0.99"}')).toBe(0.0000025);
  expect(value('kernel_latency_seconds', '_count')).toBe(4);
  expect(value('kernel_latency_seconds', '_sum')).toBe(0.000008);
  expect(value('disk_free_bytes', '')).toBe(11);
  expect(value('recorded_ticks_bytes', '')).toBe(13);
  expect(value('recorded_ticks_room_bytes', '')).toBe(14);
  expect(value('disk_growth_bytes_per_day', '{stream="market"}')).toBe(5);
  expect(value('disk_full_days', '')).toBe(2.2);
  expect(value('queue_dropped_total', '{process="main",queue="venue requests"}')).toBe(2);
});

test('counters move with what they count', () => {
  const bad = { code: 'UNREADABLE', firstAt: 1, lastAt: 2, sample: '' };
  const at = (inputs: number) =>
    read(metricsText(health({ counters: { inputs }, badInputs: [{ ...bad, count: inputs }] })));
  for (const inputs of [1, 5]) {
    const families = at(inputs);
    expect(
      families.get('quarterdeck_events_total')?.samples.get('{process="trade",what="inputs"}'),
    ).toBe(inputs);
    expect(
      families
        .get('quarterdeck_bad_inputs_total')
        ?.samples.get('{process="trade",code="UNREADABLE"}'),
    ).toBe(inputs);
  }
});

test('what is not known has no sample', () => {
  const families = read(metricsText(health()));
  expect(families.has('quarterdeck_disk_free_bytes')).toBe(false);
  expect(families.has('quarterdeck_orders')).toBe(false);
});
