import { expect, test } from 'vitest';
import type { LogEntry } from '../../state/desk.tsx';
import { areasOf, EVERYTHING, filterLog, lineOf } from './log-filter.ts';

function entry(number: number, changes: Partial<LogEntry> = {}): LogEntry {
  return {
    number,
    at: 1_700_000_000_000_000,
    level: 'info',
    process: 'trade',
    area: 'venue',
    code: 'ACCOUNT_CONNECTED',
    message: 'connected',
    ...changes,
  };
}

const LOG = [
  entry(1, { level: 'debug' }),
  entry(2, { process: 'feed', area: 'window', fields: { symbol: 'BTCUSDT' } }),
  entry(3, { level: 'error', message: 'Lost the Venue' }),
];

test.each([
  [{}, [1, 2, 3]],
  [{ level: 'info' }, [2, 3]],
  [{ level: 'error' }, [3]],
  [{ process: 'feed' }, [2]],
  [{ area: 'venue' }, [1, 3]],
  [{ text: 'venue' }, [3]],
  [{ text: 'btcusdt' }, [2]],
  [{ text: 'account_' }, [1, 2, 3]],
  [{ level: 'info', process: 'trade', text: 'lost' }, [3]],
] as const)('%j leaves %j', (filter, numbers) => {
  const left = filterLog(LOG, { ...EVERYTHING, ...filter });
  expect(left.map(({ number }) => number)).toEqual(numbers);
});

test('a line has everything of its record', () => {
  expect(lineOf(LOG[1] ?? entry(0))).toBe(
    '2023-11-14T22:13:20.000Z info feed window ACCOUNT_CONNECTED connected symbol=BTCUSDT',
  );
  expect(areasOf(LOG)).toEqual(['venue', 'window']);
});
