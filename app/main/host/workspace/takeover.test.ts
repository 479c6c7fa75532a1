import { expect, test } from 'vitest';
import { MOST_PANELS } from '../../../engine/api/workspace.ts';
import { takenOver } from './takeover.ts';

let ids = 0;
const newId = (): string => `id${(ids += 1)}`;
const panel = (componentType: string): object => ({ type: 'component', componentType });

test('rows within a stack of the first form become its tabs', () => {
  const row = { type: 'row', content: [panel('chart'), panel('orders')] };
  const root = { type: 'stack', content: [row, panel('fills')] };
  const taken = takenOver({ form: 1, layout: { root } }, newId);
  if (!taken.ok) throw new Error(taken.error.message);
  const [window] = taken.value.workspaces[0]?.windows ?? [];
  expect(window?.panels.map(({ type }) => type)).toEqual(['chart', 'orders', 'fills']);
  const tabs = window?.panels.map(({ id }) => id);
  expect(window?.layout).toMatchObject({ kind: 'stack', panels: tabs });
});

test('a first form with more than a desk holds is not taken over: it could not be read again', () => {
  const content = Array.from({ length: MOST_PANELS + 1 }, () => panel('chart'));
  const taken = takenOver({ form: 1, layout: { root: { type: 'row', content } } }, newId);
  expect(taken).toMatchObject({ ok: false, error: { code: 'WORKSPACE_NOT_READ' } });
});
