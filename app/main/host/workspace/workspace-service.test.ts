import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostMessage } from '../../../engine/api/host-service.ts';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import { WindowBook } from './window-book.ts';
import { WorkspaceService } from './workspace-service.ts';
import { WorkspaceStore } from './workspace-store.ts';

type Told = Extract<HostMessage, { readonly type: 'Workspaces' }>;

let folder = '';
let store: WorkspaceStore;
let service: WorkspaceService<string>;
let told = new Map<string, HostMessage[]>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-workspace-'));
  let ids = 0;
  store = new WorkspaceStore({ dataFolder: folder, now: () => 0, newId: () => `id${(ids += 1)}` });
  told = new Map();
  service = new WorkspaceService({
    store,
    book: new WindowBook(),
    send: (client, message) => {
      told.set(client, [...(told.get(client) ?? []), message]);
    },
  });
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function attach(client: string, window: string | null = null): Told {
  service.handle(client, { type: 'AttachWindow', window, narrow: false });
  return last(client);
}

function last(client: string): Told {
  const found = told.get(client)?.findLast((message) => message.type === 'Workspaces');
  if (found?.type !== 'Workspaces') throw new Error(`${client} was told nothing`);
  return found;
}

let number = 0;
function change(client: string, asked: Parameters<WorkspaceStore['change']>[0]): number {
  number += 1;
  service.handle(client, { type: 'ChangeWorkspace', number, change: asked });
  return number;
}

describe('windows of a workspace', () => {
  test('each is shown once; who waits does not take what a page leaves to load anew', () => {
    const first = attach('a');
    expect(first.window).toBe(store.active.windows[0]?.id);
    expect(attach('b').window).toBeNull();
    expect(attach('c', first.window).window).toBeNull();
    service.leave('a');
    expect(last('b')).toMatchObject({ window: null, open: [] });
    expect(attach('a again', first.window).window).toBe(first.window);
  });

  test('a window that was closed keeps its panels, and is found again by its id', () => {
    attach('a');
    change('a', { type: 'AddWindow', window: 'second' });
    const panel = store.active.windows[0]?.panels[0]?.id ?? '';
    change('a', { type: 'MovePanel', panel, window: 'second' });
    expect(attach('b', 'second').window).toBe('second');
    service.leave('b');
    expect(last('a').open).not.toContain('second');
    expect(store.active.windows.at(-1)?.panels.map(({ id }) => id)).toEqual([panel]);
    expect(attach('c', 'second').window).toBe('second');
  });

  test('who showed a window shows it again when its workspace comes back', () => {
    attach('a');
    change('a', { type: 'AddWindow', window: 'second' });
    attach('b', 'second');
    const scalper = store.active.id;
    change('b', { type: 'Create', starter: 'swing', narrow: false });
    expect([last('a').window === null, last('b').window === null]).toEqual([false, true]);
    change('a', { type: 'Switch', workspace: scalper });
    expect(last('b').window).toBe('second');
  });

  test('every window hears of a change, the one that asked that it is answered, also when it is refused', () => {
    attach('a');
    attach('b');
    const asked = change('a', { type: 'Lock', locked: true });
    expect([last('a').answered, last('b').answered]).toEqual([asked, null]);
    const { revision } = last('b');
    const refused = change('a', { type: 'Reset', narrow: false });
    expect(told.get('a')?.at(-2)).toMatchObject({ type: 'Refused', code: 'WORKSPACE_LOCKED' });
    expect(last('a')).toMatchObject({ answered: refused, revision });
  });

  test('everything is loaded anew after another workspace, a reset, a copy or a step back, and only then', () => {
    const before = attach('a').loads;
    change('a', { type: 'Save' });
    change('a', { type: 'AddWindow', window: 'w' });
    expect(last('a').loads).toBe(before);
    change('a', { type: 'Reset', narrow: false });
    change('a', { type: 'Undo' });
    change('a', { type: 'Create', starter: 'researcher', narrow: false });
    expect(last('a').loads).toBe(before + 3);
  });

  test('a choice in a link group reaches every window in one order and is kept', () => {
    attach('a');
    attach('b');
    const instrument = 'ETHUSDT.BINANCE@sandbox' as InstrumentId;
    service.handle('b', { type: 'SetGroup', group: 3, choice: { instrument } });
    const choice = { type: 'Group', group: 3, choice: { instrument } };
    expect(told.get('a')?.at(-1)).toEqual({ ...choice, own: false });
    expect(told.get('b')?.at(-1)).toEqual({ ...choice, own: true });
    expect(store.active.groups).toEqual({ 3: { instrument } });
  });

  test('a file that was not used is told once, not with every page that is loaded', () => {
    store[Symbol.dispose]();
    let made = 0;
    writeFileSync(join(folder, 'workspace.json'), '{');
    store = new WorkspaceStore({
      dataFolder: folder,
      now: () => 0,
      newId: () => `new${(made += 1)}`,
    });
    service = new WorkspaceService({
      store,
      book: new WindowBook(),
      send: (client, message) => {
        told.set(client, [...(told.get(client) ?? []), message]);
      },
    });
    const problems = (client: string): number =>
      told.get(client)?.filter(({ type }) => type === 'WorkspaceProblem').length ?? 0;
    attach('a');
    attach('b');
    expect([problems('a'), problems('b')]).toEqual([1, 0]);
  });

  test('who did not say which window it is changes nothing', () => {
    change('stranger', { type: 'Save' });
    expect(told.get('stranger')).toEqual([
      expect.objectContaining({ type: 'Refused', code: 'WORKSPACE_NOT_ATTACHED' }),
    ]);
    service.leave('stranger');
  });
});
