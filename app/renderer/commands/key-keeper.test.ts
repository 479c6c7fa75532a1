import { expect, test } from 'vitest';
import type { Desk } from '../state/desk.tsx';
import { Notices } from '../state/notices.ts';
import { Workspaces } from '../state/workspaces.ts';
import { Bindings } from './bindings.ts';
import { keyPartOf } from './key-file.ts';
import { KeyKeeper } from './key-keeper.ts';
import { STANDARD_MAP, type KeyMap } from './key-map.ts';

type Told = Extract<Parameters<Workspaces['receive']>[0], { type: 'Workspaces' }>;

function harness() {
  const asked: unknown[] = [];
  const windows = { asked: null, remember: () => undefined } as unknown as Workspaces['windows'];
  const workspaces = new Workspaces(windows, (request) => asked.push(request) > 0);
  const notices = new Notices();
  const bindings = new Bindings();
  const keeper = new KeyKeeper({ workspaces, notices } as unknown as Desk, bindings);
  const told = (keys: Told['document']['parts'][string], answered: number | null): void => {
    const document = { parts: { keys }, workspaces: [], active: '' } as unknown;
    workspaces.receive({
      type: 'Workspaces',
      document: document as Told['document'],
      loads: 1,
      window: null,
      open: [],
      answered,
      revision: 1,
    });
  };
  return { keeper, bindings, told, asked, notices };
}

const first: KeyMap = { ...STANDARD_MAP, changes: { buy: ['X'] } };
const second: KeyMap = { ...first, confirmed: ['buy X'] };
const foreign: KeyMap = { ...STANDARD_MAP, preset: 'letters' };

test('an answer to an earlier change does not undo a later one; another window does', () => {
  const { keeper, bindings, told, asked } = harness();
  keeper.change(first);
  keeper.change(second);
  expect(asked).toHaveLength(2);
  told(keyPartOf(first), 1);
  expect(bindings.state.map).toEqual(second);
  told(keyPartOf(second), 2);
  expect(bindings.state.map).toEqual(second);
  told(keyPartOf(foreign), null);
  expect(bindings.state.map).toEqual(foreign);
});

test('a damaged map is told once, and the standard keys hold', () => {
  const { bindings, told, notices } = harness();
  told({ form: 1, preset: 'gone' }, null);
  told({ form: 1, preset: 'gone' }, null);
  expect(bindings.state.map).toEqual(STANDARD_MAP);
  expect(notices.store.getState().notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/preset must be one of .* the standard keys hold/),
  ]);
});
