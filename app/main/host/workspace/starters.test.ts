import { expect, test } from 'vitest';
import { STARTERS, type LayoutNode } from '../../../engine/api/workspace.ts';
import { starterWindow } from './starters.ts';

function made(starter: (typeof STARTERS)[number]): ReturnType<typeof starterWindow> {
  let number = 0;
  return starterWindow(starter, false, () => String((number += 1)));
}

function inFront(layout: LayoutNode | null): readonly string[] {
  if (layout === null) return [];
  if (layout.kind === 'stack') return layout.panels.slice(layout.active, layout.active + 1);
  return layout.children.flatMap(inFront);
}

test('a swing trader begins with bars of an hour', () => {
  const charts = made('swing').panels.filter(({ type }) => type === 'chart');
  expect(charts.map(({ state }) => state)).toEqual([{ chart: { interval: '1h' } }]);
});

test.each([
  ['market-maker', 'ladder'],
  ['researcher', 'chart'],
] as const)('two groups of links begin with two instruments: %s, %s', (starter, type) => {
  const groups = made(starter).panels.filter((panel) => panel.type === type);
  expect(groups.map(({ link }) => link?.group)).toEqual([6, 3]);
});

test.each(STARTERS)('%s has room for notices over what is only read', (starter) => {
  const { layout, panels } = made(starter);
  const front = inFront(layout).map((id) => panels.find((panel) => panel.id === id)?.type);
  const reads = ['time-and-sales', 'log', 'watchlist', 'health', 'order-truth'];
  expect(front.some((type) => type !== undefined && reads.includes(type))).toBe(true);
});
