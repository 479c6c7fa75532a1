import { expect, test } from 'vitest';
import { numberedTitle, type Panel } from './workspaces.ts';

const panel = (id: string, type: string): Panel => ({ id, type, link: null, state: null });

test('the second panel of a kind is numbered, and called as the first when that is gone', () => {
  const panels = [panel('a', 'health'), panel('b', 'log'), panel('c', 'health'), panel('d', 'log')];
  const titles = (shown: readonly Panel[]): readonly string[] =>
    shown.map((one) => numberedTitle(one.type, one, shown));
  expect(titles(panels)).toEqual(['health', 'log', 'health 2', 'log 2']);
  expect(titles(panels.slice(1))).toEqual(['log', 'health', 'log 2']);
});
