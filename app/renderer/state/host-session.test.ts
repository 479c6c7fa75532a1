import { expect, test } from 'vitest';
import type { HostMessage } from '../client/host-client.ts';
import { HostSession } from './host-session.ts';

function welcome(session: string): HostMessage {
  const markets = [{ market: 'live', environment: 'live', title: 'Binance, prices only' }] as const;
  return {
    type: 'Welcome',
    version: '0',
    host: 'browser',
    environment: 'sandbox',
    title: 'Sandbox, seed 7',
    session,
    markets: [...markets],
    processes: [],
  };
}

test('a window stays over lost connections and loads anew for another engine', () => {
  let loads = 0;
  const session = new HostSession(
    () => true,
    () => {
      loads += 1;
    },
  );
  session.receive(welcome('one'));
  session.connectionChanged({ phase: 'Waiting', attempt: 1, malformed: 0 });
  session.receive(welcome('one'));
  expect(loads).toBe(0);
  expect(session.store.getState().markets).toMatchObject([{ market: 'live' }]);
  session.receive(welcome('two'));
  expect(loads).toBe(1);
});

test('another market is asked for by its name, and not when main is not connected', () => {
  const sent: unknown[] = [];
  let connected = true;
  const session = new HostSession(
    (request) => connected && sent.push(request) > 0,
    () => undefined,
  );
  expect(session.useMarket('testnet')).toBe(true);
  connected = false;
  expect(session.useMarket('live')).toBe(false);
  expect(sent).toEqual([{ type: 'UseMarket', market: 'testnet' }]);
});
