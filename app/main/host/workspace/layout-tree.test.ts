import { describe, expect, test } from 'vitest';
import type { LayoutNode } from '../../../engine/api/workspace.ts';
import {
  holdingExactly,
  panelIdsOf,
  sameButFronts,
  sameShape,
  withoutPanel,
  withPanel,
} from './layout-tree.ts';

const LAYOUT: LayoutNode = {
  kind: 'row',
  share: 1,
  children: [
    { kind: 'stack', share: 3, px: 304, panels: ['a'], active: 0 },
    {
      kind: 'column',
      share: 5,
      children: [
        { kind: 'stack', share: 1, panels: ['b', 'c', 'd'], active: 1 },
        { kind: 'stack', share: 9, panels: ['e'], active: 0 },
      ],
    },
  ],
};

describe('a layout', () => {
  test('a place that loses its last panel goes, and its neighbour takes the room of both', () => {
    const left = withoutPanel(LAYOUT, 'e');
    expect(left).toEqual({
      kind: 'row',
      share: 1,
      children: [
        { kind: 'stack', share: 3, px: 304, panels: ['a'], active: 0 },
        { kind: 'stack', share: 5, panels: ['b', 'c', 'd'], active: 1 },
      ],
    });
    expect(['a', 'b', 'c', 'd', 'e'].reduce(withoutPanel, LAYOUT as LayoutNode | null)).toBeNull();
  });

  test('the panel in front stays in front when another of its place goes', () => {
    const left = withoutPanel(LAYOUT, 'b');
    expect(JSON.stringify(left)).toContain('"panels":["c","d"],"active":0');
  });

  test('a panel that comes by itself goes where the most tabs are, in front', () => {
    const more = withPanel(LAYOUT, 'x', null);
    expect(JSON.stringify(more)).toContain('"panels":["b","c","d","x"],"active":3');
    const beside = withPanel(LAYOUT, 'x', 'e');
    expect(JSON.stringify(beside)).toContain('"panels":["e","x"],"active":1');
  });

  test('ids that are not wanted or come twice go, missing ones join', () => {
    const twice: LayoutNode = { ...LAYOUT, children: [LAYOUT, LAYOUT] } as LayoutNode;
    const held = holdingExactly(twice, ['a', 'c', 'z']);
    expect([...panelIdsOf(held)].toSorted()).toEqual(['a', 'c', 'z']);
    expect(holdingExactly(null, ['a'])).toMatchObject({ panels: ['a'] });
    expect(holdingExactly(LAYOUT, [])).toBeNull();
  });

  test('another front or another size is not another shape', () => {
    const text = JSON.stringify(LAYOUT);
    const front = JSON.parse(text.replace('"active":1', '"active":2')) as LayoutNode;
    const size = JSON.parse(text.replace('"share":9', '"share":4')) as LayoutNode;
    expect([sameShape(LAYOUT, front), sameButFronts(LAYOUT, front)]).toEqual([true, true]);
    expect([sameShape(LAYOUT, size), sameButFronts(LAYOUT, size)]).toEqual([true, false]);
    expect(sameShape(LAYOUT, withoutPanel(LAYOUT, 'd'))).toBe(false);
  });
});
