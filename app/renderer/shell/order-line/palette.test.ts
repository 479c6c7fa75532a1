import { describe, expect, test } from 'vitest';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { nothing } from '../../commands/order-plan.ts';
import type { Setting } from '../../state/desk.tsx';
import { order, SOL } from '../../state/testdata.ts';
import { findItems, paletteItems, withRecent } from './palette.ts';

const view = (id: string, title: string, scope = 'desk'): DeskCommand => ({
  id,
  title,
  keys: [],
  scope,
  order: false,
  run: () => undefined,
});

const VOLUME: Setting = {
  key: 'sounds.volumePercent',
  section: 'sounds',
  title: 'Volume',
  help: 'Of all sounds of every window',
  acts: 'now',
  type: 'number',
  value: 40,
  default: 40,
};

function harness() {
  const chosen: string[] = [];
  const commands: readonly DeskCommand[] = [
    view('trading.lock', 'Lock trading'),
    view('trading.unlock', 'Unlock trading'),
    view('panel.ladder', 'Go to Ladder'),
    view('log.pause', 'Pause', 'log'),
    {
      id: 'ladder.buy',
      title: 'Buy at the row',
      keys: ['B'],
      scope: 'ladder',
      order: 'enters',
      plan: () => nothing('locked'),
    },
  ];
  const items = paletteItems({ commands, chords: new Map() }, [SOL], [order('qd-1')], [VOLUME], {
    onCommand: (id) => chosen.push(id),
    onInstrument: ({ symbol }) => chosen.push(symbol),
    onOrder: ({ clientOrderId }) => chosen.push(clientOrderId),
    onSetting: ({ key }) => chosen.push(key),
  });
  const found = (query: string, recent: readonly string[] = []): string[] =>
    findItems(query, items, recent).map(({ item }) => item.text);
  return { items, found, chosen };
}

describe('the palette', () => {
  test.each([
    ['lad', 'Go to Ladder'],
    ['lock', 'Lock trading'],
    ['solu', 'SOLUSDT'],
    ['187.40', 'Buy 2 at 187.40 SOLUSDT'],
    ['qd-1', 'Buy 2 at 187.40 SOLUSDT'],
    ['buy row', 'Buy at the row'],
    ['in the log', 'Pause'],
    ['volume', 'Volume'],
    ['sounds.', 'Volume'],
  ])('%s finds %s', (query, first) => {
    expect(harness().found(query)[0]).toBe(first);
  });

  test('what was chosen lately is first, in its order', () => {
    const { found } = harness();
    expect(found('trading')).toEqual(['Lock trading', 'Unlock trading']);
    expect(found('trading', ['trading.unlock'])).toEqual(['Unlock trading', 'Lock trading']);
    expect(found('', ['log.pause', 'panel.ladder']).slice(0, 2)).toEqual(['Pause', 'Go to Ladder']);
  });

  test('a better name beats a recent one', () => {
    const { found } = harness();
    expect(found('lock trading', ['trading.unlock'])[0]).toBe('Lock trading');
  });

  test('each kind does its own thing, and only what sends has a plan', () => {
    const { items, chosen } = harness();
    for (const item of items) item.run();
    expect(chosen.slice(-4)).toEqual(['ladder.buy', 'SOLUSDT', 'qd-1', VOLUME.key]);
    expect(items.filter(({ plan }) => plan !== undefined).map(({ id }) => id)).toEqual([
      'ladder.buy',
    ]);
  });

  test('what is marked is in the name', () => {
    const { items } = harness();
    for (const { item, at } of findItems('la', items, [])) {
      for (const index of at) expect(index).toBeLessThan(item.text.length);
    }
  });

  test('the newest comes first and old ones go', () => {
    expect(withRecent(['a', 'b'], 'b')).toEqual(['b', 'a']);
    expect(withRecent(['a', 'b'], 'c', 2)).toEqual(['c', 'a']);
  });
});
