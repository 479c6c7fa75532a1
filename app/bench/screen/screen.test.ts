import { expect, test } from 'vitest';
import { deskDocumentSchema } from '../../engine/api/workspace.ts';
import { BENCHMARKS } from '../registry.ts';
import { benchDesk, FULL_DESK, THREE_WINDOWS } from './bench-desk.ts';

test('the desk of three windows is one that the product reads, twelve panels on three instruments', () => {
  const { document } = benchDesk(THREE_WINDOWS, ['A', 'B', 'C']);
  const read = deskDocumentSchema.parse(document);
  const [workspace] = read.workspaces;
  expect(workspace?.windows.flatMap(({ panels }) => panels)).toHaveLength(12);
  expect(workspace?.groups).toEqual({
    1: { instrument: 'A' },
    2: { instrument: 'B' },
    3: { instrument: 'C' },
  });
});

test('the full desk is one that the product reads: twenty charts, fifty ladders, the blotters', () => {
  const { document } = benchDesk(FULL_DESK, ['A', 'B', 'C', 'D', 'E']);
  const [workspace] = deskDocumentSchema.parse(document).workspaces;
  const types = workspace?.windows.flatMap(({ panels }) => panels.map(({ type }) => type)) ?? [];
  const count = (type: string): number => types.filter((one) => one === type).length;
  expect([count('chart'), count('ladder'), types.length]).toEqual([20, 50, 74]);
});

test('what is measured on a screen can be loaded where there is none', async () => {
  const loads = BENCHMARKS.flatMap(({ onScreen }) => (onScreen === undefined ? [] : [onScreen]));
  const loaded = await Promise.all(loads.map((load) => load()));
  expect(loaded.map((one) => typeof one)).toEqual(loads.map(() => 'function'));
});
