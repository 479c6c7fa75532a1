import type { ConnectionVitals, EngineHealth, Latency, Vitals } from '../api/health.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];

const NANOS = 1e9;
const MICROS = 1e6;

/** The text form of one metric; nothing when there is no sample of it. */
function family(
  name: string,
  type: 'counter' | 'gauge' | 'summary',
  help: string,
  samples: readonly Sample[],
): string {
  if (samples.length === 0) return '';
  const lines = samples.map(
    ([labels, value, suffix = '']) => `quarterdeck_${name}${suffix}${labelText(labels)} ${value}`,
  );
  const head = [`# HELP quarterdeck_${name} ${help}`, `# TYPE quarterdeck_${name} ${type}`];
  return [...head, ...lines, ''].join('\n');
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Every process that has reported, with its name. */
function reporting(health: EngineHealth): readonly (readonly [string, Vitals])[] {
  const children = health.processes.flatMap(({ process, vitals }) =>
    vitals === undefined ? [] : [[process.name, vitals] as const],
  );
  return [['main', health.main], ...children];
}

function perProcess(health: EngineHealth, value: (vitals: Vitals) => number): Sample[] {
  return reporting(health).map(([process, vitals]) => [{ process }, value(vitals)]);
}

function perConnection(
  health: EngineHealth,
  value: (connection: ConnectionVitals) => number | undefined,
): Sample[] {
  return reporting(health).flatMap(([process, vitals]) =>
    vitals.connections.flatMap((connection): Sample[] => {
      const known = value(connection);
      if (known === undefined) return [];
      return [[{ process, connection: connection.connection }, known]];
    }),
  );
}

function processes(health: EngineHealth): string[] {
  const states = health.processes.map(({ process }) => process);
  return [
    family('process_up', 'gauge', '1 while the process runs.', [
      ...states.map(({ name, state }): Sample => [{ process: name }, state === 'Running' ? 1 : 0]),
    ]),
    family('process_restarts_total', 'counter', 'Starts after the first one.', [
      ...states.map(({ name, restarts }): Sample => [{ process: name }, restarts]),
    ]),
    family(
      'process_resident_memory_bytes',
      'gauge',
      'Resident memory.',
      perProcess(health, ({ rssBytes }) => rssBytes),
    ),
    family(
      'process_cpu_ratio',
      'gauge',
      'Processor use since the last report, 1 is one core.',
      perProcess(health, ({ cpuPercent }) => cpuPercent / 100),
    ),
    family(
      'process_uptime_seconds',
      'gauge',
      'Time since the process started.',
      perProcess(health, ({ uptimeMs }) => uptimeMs / 1000),
    ),
    family(
      'event_loop_delay_p99_seconds',
      'gauge',
      'Delay of the event loop, 99th percentile of the last second.',
      perProcess(health, ({ loopDelayP99Nanos }) => loopDelayP99Nanos / NANOS),
    ),
    family(
      'vitals_age_seconds',
      'gauge',
      'Age of what the process last said of itself.',
      perProcess(health, ({ at }) => Math.max(0, health.at - at) / MICROS),
    ),
  ];
}

function queues(health: EngineHealth): string[] {
  const all = reporting(health).flatMap(([process, vitals]) =>
    vitals.queues.map((queue) => ({ labels: { process, queue: queue.name }, queue })),
  );
  return [
    family('queue_depth', 'gauge', 'What waits in a queue.', [
      ...all.map(({ labels, queue }): Sample => [labels, queue.depth]),
    ]),
    family('queue_limit', 'gauge', 'The most a queue may hold.', [
      ...all.map(({ labels, queue }): Sample => [labels, queue.most]),
    ]),
    family('queue_dropped_total', 'counter', 'What a queue had no room for.', [
      ...all.map(({ labels, queue }): Sample => [labels, queue.dropped]),
    ]),
  ];
}

function connections(health: EngineHealth): string[] {
  return [
    family(
      'connection_up',
      'gauge',
      '1 while the connection delivers.',
      perConnection(health, ({ state }) => (state === 'Connected' ? 1 : 0)),
    ),
    family(
      'connection_round_trip_seconds',
      'gauge',
      'Best round trip of the last clock measurement.',
      perConnection(health, ({ latencyMicros }) => scaled(latencyMicros, MICROS)),
    ),
    family(
      'connection_clock_offset_seconds',
      'gauge',
      'Venue time minus ours.',
      perConnection(health, ({ clockOffsetMicros }) => scaled(clockOffsetMicros, MICROS)),
    ),
    family(
      'connection_messages_total',
      'counter',
      'Messages received.',
      perConnection(health, ({ messages }) => messages),
    ),
    family(
      'connection_unknown_messages_total',
      'counter',
      'Messages nobody understood.',
      perConnection(health, ({ unknownMessages }) => unknownMessages),
    ),
    family(
      'connection_parse_errors_total',
      'counter',
      'Messages that could not be read.',
      perConnection(health, ({ parseErrors }) => parseErrors),
    ),
    family(
      'connection_reconnects_total',
      'counter',
      'Connections after the first.',
      perConnection(health, ({ reconnects }) => reconnects),
    ),
    family(
      'connection_resyncs_total',
      'counter',
      'Books joined again.',
      perConnection(health, ({ resyncs }) => resyncs),
    ),
    family(
      'request_weight_used',
      'gauge',
      'Request weight used in the present minute.',
      perConnection(health, ({ weightUsed }) => weightUsed),
    ),
    family(
      'request_weight_limit',
      'gauge',
      'Request weight the venue allows in a minute.',
      perConnection(health, ({ weightLimit }) => weightLimit),
    ),
  ];
}

function data(health: EngineHealth): string[] {
  const all = reporting(health).flatMap(([, vitals]) => vitals.data);
  return [
    family('instrument_live', 'gauge', '1 while the data of an instrument can be trusted.', [
      ...all.map(({ instrument, state }): Sample => [{ instrument }, state === 'Live' ? 1 : 0]),
    ]),
    family('instrument_data_age_seconds', 'gauge', 'Age of the newest message.', [
      ...all.flatMap(({ instrument, lastAt }): Sample[] =>
        lastAt === undefined ? [] : [[{ instrument }, Math.max(0, health.at - lastAt) / MICROS]],
      ),
    ]),
  ];
}

function counters(health: EngineHealth): string[] {
  const all = reporting(health).flatMap(([process, vitals]) =>
    Object.entries(vitals.counters).map(([what, value]): Sample => [{ process, what }, value]),
  );
  const bad = reporting(health).flatMap(([process, vitals]) =>
    vitals.badInputs.map(({ code, count }): Sample => [{ process, code }, count]),
  );
  return [
    family('events_total', 'counter', 'What a process has counted since it started.', all),
    family('bad_inputs_total', 'counter', 'Input that was refused, by code.', bad),
  ];
}

function trading(health: EngineHealth): string[] {
  const trade = health.processes.find(({ process }) => process.name === 'trade')?.vitals;
  const { orders, journal } = trade ?? {};
  return [
    family('orders', 'gauge', 'Orders of the session by status.', [
      ...Object.entries(orders?.byStatus ?? {}).map(([status, count]): Sample => [
        { status },
        count,
      ]),
    ]),
    family('orders_unknown', 'gauge', 'Orders whose state the venue has not told.', [
      ...(orders === undefined ? [] : [[{}, orders.unknown] as const]),
    ]),
    family('journal_up', 'gauge', '1 while the journal takes everything.', [
      ...(journal === undefined ? [] : [[{}, journal.state === 'Ready' ? 1 : 0] as const]),
    ]),
    family('journal_records_total', 'counter', 'Records written since the process started.', [
      ...(journal === undefined ? [] : [[{}, journal.records] as const]),
    ]),
    family('journal_bytes_total', 'counter', 'Payload written since the process started.', [
      ...(journal === undefined ? [] : [[{}, journal.bytes] as const]),
    ]),
    family('journal_durable_lag_records', 'gauge', 'Records a loss of power would take.', [
      ...(journal === undefined ? [] : [[{}, journal.durableLag] as const]),
    ]),
  ];
}

function latencies(health: EngineHealth): string[] {
  // Quantiles of nothing would be read as zero.
  const all = reporting(health).flatMap(([, { latencies: own }]) =>
    own.filter(({ count }) => count > 0),
  );
  return all.map((latency) =>
    family(`${latency.name}_latency_seconds`, 'summary', LATENCY_HELP[latency.name], [
      [{ quantile: '0.5' }, latency.p50Nanos / NANOS],
      [{ quantile: '0.99' }, latency.p99Nanos / NANOS],
      [{ quantile: '0.999' }, latency.p999Nanos / NANOS],
      [{}, latency.sumNanos / NANOS, '_sum'],
      [{}, latency.count, '_count'],
    ]),
  );
}

const LATENCY_HELP: Readonly<Record<Latency['name'], string>> = {
  journal: 'Time to write an input before it is applied.',
  kernel: 'Time the kernel takes for an input.',
  ring: 'Time from the receipt of a market message to its arrival in the trading process.',
  venue: 'Time from an order leaving to its acknowledgement.',
};

function machine({ disk, log }: EngineHealth): string[] {
  return [
    family('disk_free_bytes', 'gauge', 'Free space where the data folder is.', [
      ...(disk === undefined ? [] : [[{}, disk.freeBytes] as const]),
    ]),
    family('disk_growth_bytes_per_day', 'gauge', 'What was written in the last hours, of a day.', [
      ...(disk?.growth?.streams ?? []).map(
        ({ stream, bytesPerDay }) => [{ stream }, bytesPerDay] as const,
      ),
    ]),
    family('disk_full_days', 'gauge', 'Days until the disk is full, when within ten years.', [
      ...(disk?.growth?.daysUntilFull === undefined
        ? []
        : [[{}, disk.growth.daysUntilFull] as const]),
    ]),
    family('recorded_ticks_bytes', 'gauge', 'What recorded ticks take, bars left out.', [
      ...(disk?.ticks === undefined ? [] : [[{}, disk.ticks.recordedBytes] as const]),
    ]),
    family('recorded_ticks_room_bytes', 'gauge', 'The most they may take.', [
      ...(disk?.ticks === undefined ? [] : [[{}, disk.ticks.budgetBytes] as const]),
    ]),
    family('log_records_total', 'counter', 'Records of the log.', [[{}, log.written]]),
    family('log_lost_total', 'counter', 'Records of the log that the disk refused.', [
      [{}, log.lost],
    ]),
  ];
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value / by;
}

/** The engine's health in the text format of Prometheus, version 0.0.4. */
export function metricsText(health: EngineHealth): string {
  return [
    processes(health),
    queues(health),
    connections(health),
    data(health),
    counters(health),
    trading(health),
    latencies(health),
    machine(health),
  ]
    .flat()
    .join('');
}
