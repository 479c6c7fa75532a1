import { describe, expect, test } from 'vitest';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { Links, type Choice } from './links.ts';

const id = (symbol: string): InstrumentId => `${symbol}.BINANCE@sandbox` as InstrumentId;
const BTC = id('BTCUSDT');
const ETH = id('ETHUSDT');
const SOL = id('SOLUSDT');

function harness(): {
  readonly links: Links;
  readonly published: (readonly [number, Partial<Choice>])[];
  readonly shown: (panel: string) => InstrumentId | undefined;
} {
  const published: (readonly [number, Partial<Choice>])[] = [];
  const links = new Links((group, choice) => {
    published.push([group, choice]);
    return true;
  });
  links.configure(
    new Map([
      ['list', { group: 6, role: 'source' }],
      ['chart', { group: 6, role: 'destination' }],
      ['ladder', { group: 6, role: 'both' }],
      ['other', { group: 3, role: 'both' }],
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
      BTC,
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
        ['list', { group: 6, role: 'source' }],
        ['chart', { group: 6, role: 'destination' }],
        ['ladder', { group: 6, role: 'both' }],
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
        ['other', { group: 3, role: 'both' }],
        ['alone', { group: 3, role: 'destination' }],
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
});
