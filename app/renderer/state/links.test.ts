import { describe, expect, test } from 'vitest';
import type { AccountId, InstrumentId } from '../../engine/domain/identifiers.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import type { PanelLinkSetting } from '../client/host-client.ts';
import { Links, type Chosen } from './links.ts';

const id = (symbol: string): InstrumentId => `${symbol}.BINANCE@sandbox` as InstrumentId;
const BTC = id('BTCUSDT');
const ETH = id('ETHUSDT');
const SOL = id('SOLUSDT');
const ACCOUNT = 'BINANCE@sandbox/main' as AccountId;

function linked(
  group: 3 | 6,
  role: 'both' | 'source' | 'destination',
  what: NonNullable<PanelLinkSetting>['what'] = ['instrument'],
): PanelLinkSetting {
  return { group, role, what };
}

function harness(): {
  readonly links: Links;
  readonly published: (readonly [number, Chosen])[];
  readonly shown: (panel: string) => InstrumentId | undefined;
} {
  const published: (readonly [number, Chosen])[] = [];
  const links = new Links((group, choice) => {
    published.push([group, choice]);
    return true;
  });
  links.configure(
    new Map([
      ['list', linked(6, 'source')],
      ['chart', linked(6, 'destination')],
      ['ladder', linked(6, 'both')],
      ['other', linked(3, 'both')],
      ['alone', null],
    ]),
  );
  links.offer([BTC, ETH, SOL]);
  return { links, published, shown: (panel) => links.panel(panel).store.getState().instrument };
}

describe('link groups', () => {
  test('a source tells its group; destinations and panels of both roles follow; others do not', () => {
    const { links, published, shown } = harness();
    links.panel('list').select(ETH);
    expect(['list', 'chart', 'ladder', 'other', 'alone'].map(shown)).toEqual([
      ETH,
      ETH,
      ETH,
      // Another group began with the second, so that two groups do not show the same.
      ETH,
      BTC,
    ]);
    expect(published).toEqual([[6, { instrument: ETH }]]);
  });

  test('a destination that is moved by hand moves alone, a source follows nobody', () => {
    const { links, published, shown } = harness();
    links.panel('chart').select(SOL);
    expect(['list', 'chart', 'ladder'].map(shown)).toEqual([BTC, SOL, BTC]);
    expect(published).toEqual([]);
    links.configure(
      new Map([
        ['list', linked(6, 'source')],
        ['chart', linked(6, 'destination')],
        ['ladder', linked(6, 'both')],
      ]),
    );
    expect(shown('chart')).toBe(SOL);
    links.panel('ladder').select(ETH);
    expect(['list', 'chart', 'ladder'].map(shown)).toEqual([BTC, ETH, ETH]);
  });

  test('choices of other windows arrive, but not those that are older than the own one', () => {
    const { links, shown } = harness();
    links.hear(6, { instrument: SOL }, false);
    expect(shown('ladder')).toBe(SOL);
    links.panel('ladder').select(ETH);
    links.hear(6, { instrument: BTC }, false);
    expect(shown('ladder')).toBe(ETH);
    links.hear(6, { instrument: ETH }, true);
    links.hear(6, { instrument: BTC }, false);
    expect(shown('ladder')).toBe(BTC);
  });

  test('a choice that main never told back holds up nothing after a reconnect', () => {
    const { links, shown } = harness();
    links.panel('ladder').select(ETH);
    links.reconnected();
    links.hear(6, { instrument: SOL }, false);
    expect(shown('ladder')).toBe(SOL);
  });

  test('a panel that joins a group shows what the group shows', () => {
    const { links, shown } = harness();
    links.panel('other').select(SOL);
    links.configure(
      new Map([
        ['other', linked(3, 'both')],
        ['alone', linked(3, 'destination')],
      ]),
    );
    expect(shown('alone')).toBe(SOL);
  });

  test('keys act on the panel that had the focus last', () => {
    const { links } = harness();
    expect(links.window.store.getState().instrument).toBe(BTC);
    links.panel('other').select(SOL);
    expect(links.window.store.getState().instrument).toBe(BTC);
    links.focus('other');
    expect(links.window.store.getState().instrument).toBe(SOL);
    links.window.select(ETH);
    expect(links.panel('other').store.getState().instrument).toBe(ETH);
    expect(links.panel('ladder').store.getState().instrument).toBe(BTC);
  });

  test('what is not there any more gives way to the first that is', () => {
    const { links, shown } = harness();
    links.panel('ladder').select(SOL);
    links.offer([ETH, BTC]);
    expect(['ladder', 'chart', 'alone'].map(shown)).toEqual([ETH, ETH, BTC]);
  });

  test('what is not linked is chosen alone, and taken when it is linked', () => {
    const { links, published } = harness();
    const at = (seconds: number): UnixMicros => (seconds * 1e6) as UnixMicros;
    const shown = (panel: string): unknown => {
      const { interval, pointed, seen, account } = links.panel(panel).store.getState();
      return [interval, pointed, seen, account];
    };
    const set = (chart: PanelLinkSetting): void =>
      links.configure(
        new Map([
          ['list', linked(6, 'both', ['interval', 'time', 'account'])],
          ['chart', chart],
        ]),
      );
    set(linked(6, 'both', ['instrument']));
    links.panel('list').choose({ interval: '1h', seen: at(60), account: ACCOUNT });
    links.panel('list').choose({ pointed: at(50) });
    expect(shown('chart')).toEqual([undefined, null, null, null]);
    set(linked(6, 'both', ['instrument', 'interval', 'account']));
    expect(shown('chart')).toEqual(['1h', null, null, ACCOUNT]);
    links.panel('chart').choose({ interval: '5m', pointed: at(40) });
    expect(shown('chart')).toEqual(['5m', null, null, ACCOUNT]);
    expect(shown('list')).toEqual(['5m', at(50), at(60), ACCOUNT]);
    set(linked(6, 'destination', ['time']));
    expect(shown('chart')).toEqual([undefined, at(50), at(60), ACCOUNT]);
    links.panel('list').choose({ pointed: null, seen: null });
    expect(shown('chart')).toEqual([undefined, null, null, ACCOUNT]);
    expect(published).toEqual([
      [6, { interval: '1h', seen: at(60), account: ACCOUNT }],
      [6, { pointed: at(50) }],
      [6, { interval: '5m' }],
      [6, { pointed: null, seen: null }],
    ]);
  });

  test('a choice on its way holds up others of its kind only', () => {
    const { links } = harness();
    links.configure(new Map([['chart', linked(6, 'both', ['instrument', 'time'])]]));
    links.panel('chart').choose({ pointed: 5 as UnixMicros });
    links.hear(6, { instrument: SOL, pointed: 3 as UnixMicros }, false);
    expect(links.panel('chart').store.getState()).toMatchObject({ instrument: SOL, pointed: 5 });
    links.hear(6, { pointed: 5 as UnixMicros }, true);
    links.hear(6, { pointed: 4 as UnixMicros }, false);
    expect(links.panel('chart').store.getState().pointed).toBe(4);
  });

  test('choosing what is chosen tells nobody', () => {
    const { links, published } = harness();
    links.configure(new Map([['chart', linked(6, 'both', ['interval'])]]));
    links.panel('chart').choose({ interval: '1m' });
    links.panel('chart').choose({ interval: '1m' });
    expect(published).toHaveLength(1);
  });
});
