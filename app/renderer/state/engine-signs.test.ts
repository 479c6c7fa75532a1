import { describe, expect, test } from 'vitest';
import type { ConnectionVitals, EngineHealth, Vitals } from '../client/host-client.ts';
import { judgeConnection, judgeEngine, judgeJournal, judgeProcess } from './engine-signs.ts';

const NOW = 1_000_000_000;
const GB = 1024 ** 3;

function vitals(changes: Partial<Vitals> = {}): Vitals {
  return {
    at: NOW,
    uptimeMs: 3_600_000,
    rssBytes: 1,
    cpuPercent: 1,
    loopDelayP99Nanos: 1,
    loopDelayMaxNanos: 1,
    queues: [],
    connections: [],
    data: [],
    counters: {},
    latencies: [],
    badInputs: [],
    ...changes,
  };
}

function health(changes: Partial<Vitals> = {}, more: Partial<EngineHealth> = {}): EngineHealth {
  const process = { name: 'trade', state: 'Running', pid: 1, restarts: 0 } as const;
  const trade: Partial<Vitals> = {
    journal: { state: 'Ready', detail: '', records: 1, bytes: 1, durableLag: 0 },
    orders: { byStatus: {}, unknown: 0 },
    ...changes,
  };
  return {
    at: NOW,
    processes: [{ process, vitals: vitals(trade) }],
    main: vitals(),
    disk: { freeBytes: 100 * GB, totalBytes: 200 * GB },
    log: { written: 0, lost: 0 },
    ...more,
  };
}

const UP: ConnectionVitals = { connection: 'market-1', state: 'Connected', lastMessageAt: NOW };

test.each<[string, EngineHealth | undefined, string]>([
  ['nothing was heard yet', undefined, 'unknown'],
  ['all is well', health(), 'ok'],
  ['a connection is down', health({ connections: [{ ...UP, state: 'Disconnected' }] }), 'bad'],
  ['a connection is made', health({ connections: [{ ...UP, state: 'Connecting' }] }), 'warn'],
  [
    'an order is unknown',
    health({ orders: { byStatus: {}, unknown: 1, oldestUnknownAt: NOW } }),
    'warn',
  ],
  [
    'an order is unknown for long',
    health({ orders: { byStatus: {}, unknown: 1, oldestUnknownAt: NOW - 31_000_000 } }),
    'bad',
  ],
  ['the disk is nearly full', health({}, { disk: { freeBytes: GB / 2, totalBytes: GB } }), 'bad'],
  [
    'the disk is full within days',
    health(
      {},
      {
        disk: { freeBytes: GB * 9, totalBytes: GB * 9, growth: { streams: [], daysUntilFull: 3 } },
      },
    ),
    'warn',
  ],
  [
    'the disk is full within a day',
    health(
      {},
      {
        disk: {
          freeBytes: GB * 9,
          totalBytes: GB * 9,
          growth: { streams: [], daysUntilFull: 0.9 },
        },
      },
    ),
    'bad',
  ],
  ['a process says nothing any more', health({ at: NOW - 5_000_000 }), 'bad'],
  [
    'wrong input comes in',
    health({ badInputs: [{ code: 'X', count: 1, firstAt: 1, lastAt: NOW, sample: '' }] }),
    'warn',
  ],
  [
    'wrong input came in long ago',
    health({ badInputs: [{ code: 'X', count: 1, firstAt: 1, lastAt: 1, sample: '' }] }),
    'ok',
  ],
])('%s', (_, report, sign) => {
  const judged = judgeEngine(report, NOW, NOW);
  expect(judged.sign).toBe(sign);
  expect(judged.why === undefined).toBe(sign === 'ok');
});

test('an engine that says nothing any more is bad, whatever it said last', () => {
  expect(judgeEngine(health(), NOW, NOW + 5_000_000).sign).toBe('bad');
});

describe('a process', () => {
  const state = { name: 'feed', state: 'Running', restarts: 1 } as const;
  test('that was restarted is pointed out for a minute', () => {
    expect(judgeProcess(state, vitals({ uptimeMs: 59_000 }), NOW).sign).toBe('warn');
    expect(judgeProcess(state, vitals({ uptimeMs: 61_000 }), NOW).sign).toBe('ok');
  });
  test('with a full queue or a slow loop needs a look', () => {
    const queues = [{ name: 'q', depth: 9, most: 10, dropped: 0 }];
    expect(judgeProcess(state, vitals({ queues }), NOW).sign).toBe('warn');
    expect(judgeProcess(state, vitals({ loopDelayP99Nanos: 3e8 }), NOW).sign).toBe('warn');
  });
  test('that is not running is bad, one that starts needs a look', () => {
    expect(judgeProcess({ ...state, state: 'Restarting' }, undefined, NOW).sign).toBe('bad');
    expect(judgeProcess({ ...state, state: 'Starting' }, undefined, NOW).sign).toBe('warn');
  });
});

test.each([
  [{}, 'ok'],
  [{ clockOffsetMicros: -600_000 }, 'warn'],
  [{ lastMessageAt: NOW - 11_000_000 }, 'warn'],
  [{ connection: 'account', lastMessageAt: NOW - 11_000_000 }, 'ok'],
  [{ weightUsed: 80, weightLimit: 100 }, 'warn'],
  [{ weightUsed: 95, weightLimit: 100 }, 'bad'],
] as const)('a connection with %j is %s', (changes, sign) => {
  expect(judgeConnection({ ...UP, ...changes }, NOW).sign).toBe(sign);
});

test.each([
  [{ durableLag: 0, durableAt: 1 }, 'ok'],
  [{ durableLag: 0, state: 'Starved' }, 'warn'],
  [{ durableLag: 0, state: 'Failed' }, 'bad'],
  [{ durableLag: 3, durableAt: NOW - 2_000_000 }, 'warn'],
  [{ durableLag: 3, durableAt: NOW - 6_000_000 }, 'bad'],
] as const)('a journal with %j is %s', (lag, sign) => {
  const journal = { state: 'Ready', detail: '', records: 9, bytes: 9, ...lag } as const;
  expect(judgeJournal(vitals({ journal }), NOW).sign).toBe(sign);
});
