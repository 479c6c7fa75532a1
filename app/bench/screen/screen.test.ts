import { expect, test } from 'vitest';
import { deskDocumentSchema } from '../../engine/api/workspace.ts';
import { BENCHMARKS } from '../registry.ts';
import { threeWindows } from './three-windows.ts';

test('the desk of three windows is one that the product reads, twelve panels on three instruments', () => {
  const { document } = threeWindows(['A', 'B', 'C']);
  const read = deskDocumentSchema.parse(document);
  const [workspace] = read.workspaces;
  expect(workspace?.windows.flatMap(({ panels }) => panels)).toHaveLength(12);
  expect(workspace?.groups).toEqual({
    1: { instrument: 'A' },
    2: { instrument: 'B' },
    3: { instrument: 'C' },
  });
});

test('what is measured on a screen can be loaded where there is none', async () => {
  const loads = BENCHMARKS.flatMap(({ onScreen }) => (onScreen === undefined ? [] : [onScreen]));
  const loaded = await Promise.all(loads.map((load) => load()));
  expect(loaded.map((one) => typeof one)).toEqual(loads.map(() => 'function'));
});
