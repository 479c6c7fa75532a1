import { expect, test } from 'vitest';
import { WATCHED_VENUES, type FeedConfig } from '../../api/supervision.ts';
import { SystemTime } from '../system-time.ts';
import { openOthers } from './other-venues.ts';

const URLS = { http: 'http://127.0.0.1:1', ws: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' };

function opened(environment: 'live' | 'sandbox', others: NonNullable<FeedConfig['others']>) {
  const config: FeedConfig = {
    dataFolder: '/nowhere',
    environment,
    source: { kind: 'venue', urls: URLS },
    symbols: [],
    others,
    ringPath: '/nowhere',
    record: false,
    divergenceBps: 100,
  };
  const nothing = (): void => undefined;
  const sink = { onRecords: nothing, onHealth: nothing, onUnknownMessage: nothing };
  return openOthers(config, new SystemTime(), sink);
}

test.each(['live', 'sandbox'] as const)('%s: every venue that can be named has a door', (world) => {
  const others = WATCHED_VENUES.map((venue) => ({ venue, symbols: ['A'] }));
  const names = opened(world, others).map(({ venue }) => venue.replace('@sandbox', ''));
  expect(names).toEqual(WATCHED_VENUES);
});

test('a venue that wants a key and was given none says what to do, and asks nothing', async () => {
  const [alpaca] = opened('live', [{ venue: 'ALPACA', symbols: ['AAPL'] }]);
  const listed = await alpaca?.client.loadInstruments(['AAPL']);
  expect(listed?.ok === false && listed.error).toEqual({
    code: 'KEY_MISSING',
    kind: 'Refused',
    message:
      'Alpaca tells nothing without a key, and none was given: add one with "qd keys add --venue alpaca --account data"',
  });
});
