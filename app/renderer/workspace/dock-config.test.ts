import { describe, expect, test } from 'vitest';
import type { ResolvedLayoutConfig } from 'golden-layout';
import type { LayoutNode } from '../state/workspaces.ts';
import { configOf, layoutOf } from './dock-config.ts';

const stack = (panels: string[], more: object = {}): LayoutNode => ({
  kind: 'stack',
  share: 1,
  panels,
  active: 0,
  ...more,
});
const SIZE = { width: 1000, height: 500 };

function sizes(layout: LayoutNode): readonly unknown[] {
  const { root } = configOf(layout, (id) => id, SIZE);
  return (root?.content ?? []).map((item) => (item as { readonly size: string }).size);
}

describe('a layout as the dock takes it', () => {
  test('sizes are whole numbers: golden-layout leaves out what stands after a point', () => {
    const children = [stack(['a'], { share: 704 }), stack(['b'], { share: 240 })];
    expect(sizes({ kind: 'column', share: 1, children })).toEqual(['745763%', '254237%']);
  });

  test('pixels are given as asked, and the others share the rest', () => {
    const children = [stack(['a'], { px: 250 }), stack(['b'], { share: 2 }), stack(['c'])];
    expect(sizes({ kind: 'row', share: 1, children })).toEqual(['250000%', '500000%', '250000%']);
  });

  test('pixels that a small window does not have are squeezed, and nobody vanishes', () => {
    const wide = [stack(['a'], { px: 900 }), stack(['b'], { px: 700 }), stack(['c'])];
    expect(sizes({ kind: 'row', share: 1, children: wide })).toEqual([
      '450000%',
      '350000%',
      '200000%',
    ]);
    const all = [stack(['a'], { px: 100 }), stack(['b'], { px: 300 })];
    expect(sizes({ kind: 'column', share: 1, children: all })).toEqual(['250000%', '750000%']);
  });

  test('comes back as it went, with sizes as shares', () => {
    const resolved = {
      root: {
        type: 'row',
        size: 100,
        content: [
          {
            type: 'stack',
            size: 25,
            activeItemIndex: 1,
            content: [
              { type: 'component', size: 1, componentState: { id: 'a' } },
              { type: 'component', size: 1, componentState: { id: 'b' } },
            ],
          },
          { type: 'component', size: 75, componentState: { id: 'c' } },
        ],
      },
    } as unknown as ResolvedLayoutConfig;
    expect(layoutOf(resolved)).toEqual({
      kind: 'row',
      share: 100,
      children: [
        { kind: 'stack', share: 25, panels: ['a', 'b'], active: 1 },
        { kind: 'stack', share: 75, panels: ['c'], active: 0 },
      ],
    });
    expect(layoutOf({} as ResolvedLayoutConfig)).toBeNull();
  });
});
