import { expect, test } from 'vitest';
import { panelNames } from './panel-names.ts';

test('names every panel of a tree, however deep', () => {
  const tree = {
    type: 'row',
    content: [
      { type: 'component', componentType: 'chart' },
      { type: 'stack', content: [{ type: 'component', componentType: 'orders' }] },
    ],
  };
  expect(panelNames(tree)).toEqual(['chart', 'orders']);
  expect(panelNames(undefined)).toEqual([]);
  expect(panelNames({ content: 'x' })).toEqual([]);
});
