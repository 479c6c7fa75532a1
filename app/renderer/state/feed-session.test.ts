import { expect, test } from 'vitest';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { FeedRequest } from '../client/feed-client.ts';
import { FeedSession } from './feed-session.ts';
import { marketStatusWords } from './market-status.ts';
import type { Frames } from './pace.ts';
import { SOL } from './testdata.ts';

const ETH = { ...SOL, id: 'ETHUSDT.BINANCE@sandbox' as InstrumentId, symbol: 'ETHUSDT' };

/** A page that makes no pictures. */
const UNSEEN: Frames = {
  now: () => 0,
  next: () => undefined,
  done: () => undefined,
  later: () => undefined,
};

function harness() {
  const sent: FeedRequest[] = [];
  const session = new FeedSession((request) => {
    sent.push(request);
    return true;
  }, UNSEEN);
  session.receive({ type: 'Welcome', environment: 'sandbox', instruments: [SOL, ETH] });
  sent.length = 0;
  return { session, sent };
}

test('other rules replace those of their instrument and of no other; nothing is subscribed anew', () => {
  const { session, sent } = harness();
  const [, eth] = session.store.getState().instruments;
  const changed = { ...SOL, tickSize: price(10), stepSize: quantity(5), status: 'Halted' } as const;
  session.receive({ type: 'InstrumentsChanged', instruments: [changed] });
  const { instruments, epoch } = session.store.getState();
  expect(instruments).toEqual([changed, ETH]);
  expect(instruments[1]).toBe(eth);
  expect(session.instrument(SOL.id)).toEqual(changed);
  expect([epoch, sent]).toEqual([1, []]);
});

test('a replay that went to another time begins anew, and says that it did', () => {
  const { session, sent } = harness();
  session.seekReplay(unixMicros(5));
  session.stepReplay();
  session.setReplaySpeed('max');
  session.receive({ type: 'Welcome', environment: 'replay', instruments: [SOL], jumps: 2 });
  expect(session.store.getState()).toMatchObject({ epoch: 2, jumps: 2 });
  expect(sent).toEqual([
    { type: 'SeekReplay', to: 5 },
    { type: 'StepReplay' },
    { type: 'SetReplaySpeed', speed: 'max' },
    { type: 'WatchQuotes', instruments: [SOL.id, ETH.id] },
    { type: 'WatchQuotes', instruments: [SOL.id] },
  ]);
});

test('an instrument that is not watched is not taken up by its rules', () => {
  const { session } = harness();
  const other = { ...SOL, id: 'XRPUSDT.BINANCE@sandbox' as InstrumentId };
  session.receive({ type: 'InstrumentsChanged', instruments: [other] });
  expect(session.store.getState().instruments).toEqual([SOL, ETH]);
});

test.each([
  ['Trading', undefined],
  ['Halted', 'HALTED'],
  ['CancelOnly', 'Cancel only'],
  ['Closed', 'Closed'],
] as const)('a market that is %s is called %s', (status, word) => {
  expect(marketStatusWords({ ...SOL, status })?.word).toBe(word);
});
