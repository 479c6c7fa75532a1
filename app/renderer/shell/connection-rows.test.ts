import { expect, test } from 'vitest';
import { connectionRows } from './connection-rows.ts';

const sound = { messages: 1, unknownMessages: 0, parseErrors: 0, reconnects: 0, resyncs: 0 };

test('a venue that is only watched has one row, that of its worst connection', () => {
  const rows = connectionRows([
    { connection: 'market-1', state: 'Connected', latencyMicros: 900, ...sound },
    { connection: 'OKX@sandbox market-1', state: 'Connected', latencyMicros: 700, ...sound },
    { connection: 'OKX@sandbox bars-1', state: 'Disconnected', ...sound },
    { connection: 'KRAKEN market-1', state: 'Connected', ...sound },
    { connection: 'KRAKEN market-2', state: 'Connected', ...sound },
  ]);
  expect(rows.map(({ name, state, latency }) => [name, state, latency])).toEqual([
    ['market-1', 'Connected', 900],
    ['OKX', 'Disconnected', undefined],
    ['KRAKEN', 'Connected', undefined],
  ]);
});
