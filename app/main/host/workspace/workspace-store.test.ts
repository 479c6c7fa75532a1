import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../engine/api/codec.ts';
import { hostRequestSchema } from '../../../engine/api/host-service.ts';
import type { DeskDocument } from '../../../engine/api/workspace.ts';
import { MOST_COPIES } from './recovery-copies.ts';
import { WorkspaceStore } from './workspace-store.ts';

let folder = '';
let now = 1_700_000_000_000_000;
let ids = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-workspace-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

function openStore(): WorkspaceStore {
  const store = new WorkspaceStore({
    dataFolder: folder,
    now: () => (now += 1_000_000),
    newId: () => `id${(ids += 1)}`,
  });
  store.open(false);
  return store;
}

const file = (): string => join(folder, 'workspace.json');
const types = (document: DeskDocument): readonly string[] =>
  document.workspaces.flatMap(({ windows }) =>
    windows.flatMap(({ panels }) => panels.map(({ type }) => type)),
  );

describe('WorkspaceStore', () => {
  test('what is changed is there at the next start, readable by its owner only', () => {
    const store = openStore();
    store.change({ type: 'SetPart', name: 'ticket', value: { more: true } });
    store.change({ type: 'Create', starter: 'swing', narrow: false });
    store[Symbol.dispose]();
    const next = openStore();
    expect(next.active.name).toBe('Swing');
    expect(next.document.parts).toEqual({ ticket: { more: true } });
    expect(next.revision).toBeGreaterThanOrEqual(3);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('a document of the first form is taken over with its layout and its parts, and kept', () => {
    const layout = {
      root: {
        type: 'row',
        content: [
          { type: 'component', componentType: 'chart', size: '70%' },
          {
            type: 'stack',
            size: '30%',
            activeItemIndex: 1,
            content: [
              { type: 'component', componentType: 'orders' },
              { type: 'component', componentType: 'of-a-later-release' },
            ],
          },
        ],
      },
    };
    const document = { form: 1, layout, ticket: { more: true } };
    writeFileSync(file(), JSON.stringify({ revision: 4, document }));
    const store = openStore();
    expect(store.problem).toBeUndefined();
    expect(types(store.document)).toEqual(['chart', 'orders', 'of-a-later-release']);
    const places = [{ share: 70 }, { kind: 'stack', share: 30, active: 1 }];
    expect(store.active.windows[0]?.layout).toMatchObject({ kind: 'row', children: places });
    expect(store.document.parts).toEqual({ ticket: { more: true } });
    expect(readdirSync(folder).toSorted()).toEqual([
      'workspace-copies',
      'workspace.json',
      'workspace.json.form-1',
    ]);
  });

  test('a document of the second form is read: links say what they linked, groups keep their instrument', () => {
    const link = { group: 2, role: 'source' };
    const panel = { id: 'p', type: 'chart', link, state: { kept: 1 } };
    const layout = { kind: 'stack', share: 1, panels: ['p'], active: 0 };
    const window = { id: 'w', title: 'W', bounds: null, layout, panels: [panel] };
    const workspace = {
      id: 'a',
      name: 'A',
      starter: 'swing',
      locked: false,
      windows: [window],
      saved: { at: 1, windows: [window] },
      groups: { 2: 'ETHUSDT.BINANCE@sandbox' },
    };
    const document = { form: 2, active: 'a', workspaces: [workspace], parts: {} };
    const copy = { at: 1, reason: 'saved A', document };
    mkdirSync(join(folder, 'workspace-copies'));
    writeFileSync(
      join(folder, 'workspace-copies', '20240101T000000000Z-1.json'),
      JSON.stringify(copy),
    );
    writeFileSync(file(), JSON.stringify({ revision: 4, document }));
    const store = openStore();
    expect(store.problem).toBeUndefined();
    const read = { ...panel, link: { ...link, what: ['instrument', 'account'] } };
    expect(store.active.windows[0]?.panels).toEqual([read]);
    expect(store.active.saved?.windows[0]?.panels).toEqual([read]);
    expect(store.active.groups).toEqual({ 2: { instrument: 'ETHUSDT.BINANCE@sandbox' } });
    expect(store.copies.map(({ reason }) => reason)).toContain('saved A');
    expect(readdirSync(folder)).toContain('workspace.json.form-2');
    const given = JSON.stringify({ quarterdeck: 'workspace', form: 2, workspace });
    expect(store.change({ type: 'Import', text: given }).ok).toBe(true);
    expect(store.active.windows[0]?.panels[0]?.link).toEqual(read.link);
  });

  test.each([
    ['cut off', '{"revision":', 'WORKSPACE_DAMAGED', 'workspace.json.damaged'],
    ['of another kind', '[]', 'WORKSPACE_DAMAGED', 'workspace.json.damaged'],
    [
      'with an absurd number',
      '{"revision":1,"document":{"form":2,"active":"a","workspaces":[{"id":"a","name":"A","starter":"swing","locked":false,"windows":[{"id":"w","title":"W","bounds":{"left":1e99,"top":0,"width":1,"height":1,"display":null},"layout":null,"panels":[]}],"saved":null,"groups":{}}],"parts":{}}}',
      'WORKSPACE_DAMAGED',
      'workspace.json.damaged',
    ],
    [
      'of a later release',
      '{"revision":9,"document":{"form":4}}',
      'WORKSPACE_NEWER',
      'workspace.json.newer',
    ],
  ])('a file %s is named, kept and replaced by the default', (_, text, code, kept) => {
    writeFileSync(file(), text);
    const store = openStore();
    expect(store.problem).toMatchObject({ code, message: expect.stringContaining(kept) as string });
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(text);
    expect(types(store.document)).toContain('ladder');
    store[Symbol.dispose]();
    writeFileSync(file(), text);
    openStore();
    expect(readdirSync(folder)).toContain(`${kept}-2`);
  });

  test('a panel that is named twice, or in no place, is in one place after the start', () => {
    const store = openStore();
    const { document } = store;
    const [workspace] = document.workspaces;
    const [window] = workspace?.windows ?? [];
    if (workspace === undefined || window === undefined) throw new Error('no window');
    const again = { ...window, id: 'again' };
    const unplaced = { ...window, layout: null };
    const broken = { ...document, workspaces: [{ ...workspace, windows: [unplaced, again] }] };
    writeFileSync(file(), JSON.stringify({ revision: 1, document: broken }));
    const next = openStore();
    expect(types(next.document)).toEqual(types(document));
  });

  test('a disk that refuses is told, and written again when it does not', () => {
    mkdirSync(`${file()}.new`);
    const store = openStore();
    let told = 0;
    store.onProblem(() => {
      told += 1;
    });
    store[Symbol.dispose]();
    expect(store.problem).toMatchObject({ code: 'WORKSPACE_UNWRITABLE' });
    expect(told).toBe(1);
    rmSync(`${file()}.new`, { recursive: true });
    store[Symbol.dispose]();
    expect(store.problem).toBeUndefined();
    expect(types(openStore().document)).toContain('ladder');
  });

  test('a locked workspace keeps its panels, but another tab may come to the front', () => {
    const store = openStore();
    const { id } = store.active;
    const [window] = store.active.windows;
    if (window?.layout === null || window === undefined) throw new Error('no layout');
    store.change({ type: 'Lock', locked: true });
    const layout = JSON.parse(
      JSON.stringify(window.layout).replace('"active":0', '"active":1'),
    ) as typeof window.layout;
    const { loads } = store;
    const set = { type: 'SetLayout', workspace: id, window: window.id, loads } as const;
    expect(store.change({ ...set, layout })).toEqual({ ok: true, value: undefined });
    const [panel] = window.panels;
    expect(store.change({ type: 'ClosePanel', panel: panel?.id ?? '' })).toMatchObject({
      error: { code: 'WORKSPACE_LOCKED' },
    });
    expect(store.change({ type: 'Reset', narrow: false })).toMatchObject({
      error: { code: 'WORKSPACE_LOCKED' },
    });
  });

  test('how the panels stood that a reset has replaced is not how the new ones stand', () => {
    const store = openStore();
    const { loads } = store;
    const [shown] = store.active.windows;
    if (shown?.layout === null || shown === undefined) throw new Error('no layout');
    const told = { type: 'SetLayout', workspace: store.active.id, layout: shown.layout } as const;
    expect(store.change({ type: 'Reset', narrow: false })).toMatchObject({ ok: true });
    const [reset] = store.active.windows;
    const window = reset?.id ?? '';
    expect(store.change({ ...told, window, loads })).toEqual({ ok: true, value: undefined });
    expect(store.active.windows).toEqual([reset]);
    // A change that came after the window heard of it counts.
    const layout = { kind: 'stack', share: 1, panels: [reset?.panels[0]?.id ?? ''], active: 0 };
    store.change({ ...told, layout: layout as typeof told.layout, window, loads: store.loads });
    expect(store.active.windows).not.toEqual([reset]);
  });

  test('copies are bounded, dated, and bring everything back', () => {
    const store = openStore();
    const before = store.document;
    for (let count = 0; count < MOST_COPIES + 5; count += 1) {
      store.change({ type: 'Create', starter: 'laptop', narrow: true });
      store.change({ type: 'Delete', workspace: store.active.id });
    }
    expect(store.copies).toHaveLength(MOST_COPIES);
    expect(readdirSync(join(folder, 'workspace-copies'))).toHaveLength(MOST_COPIES);
    const [newest] = openStore().copies;
    expect(newest).toMatchObject({ workspaces: ['Scalper', 'Laptop'] });
    expect(store.change({ type: 'RestoreCopy', copy: newest?.id ?? '' }).ok).toBe(true);
    expect(store.active.name).toBe('Laptop');
    expect(store.document.workspaces[0]).toEqual(before.workspaces[0]);
    expect(store.change({ type: 'RestoreCopy', copy: 'gone' })).toMatchObject({
      error: { code: 'WORKSPACE_COPY_GONE' },
    });
  });

  test('taking a move back leaves what was typed and linked since', () => {
    const store = openStore();
    const [panel] = store.active.windows[0]?.panels ?? [];
    if (panel === undefined) throw new Error('no panel');
    store.change({ type: 'AddWindow', window: 'second' });
    store.change({ type: 'MovePanel', panel: panel.id, window: 'second' });
    store.change({ type: 'SetPanelState', panel: panel.id, state: { typed: 1 } });
    store.change({ type: 'SetPart', name: 'ticket', value: 'kept' });
    store.change({ type: 'Undo' });
    expect(store.active.windows.map(({ panels }) => panels.length)).toEqual([11, 0]);
    expect(store.active.windows[0]?.panels[0]).toMatchObject({ state: { typed: 1 } });
    expect(store.document.parts).toEqual({ ticket: 'kept' });
  });

  test('a workspace goes out as a file and comes in again under ids and a name of its own', () => {
    const store = openStore();
    const text = JSON.stringify({ quarterdeck: 'workspace', form: 3, workspace: store.active });
    const panels = store.active.windows.flatMap((window) => window.panels.map(({ id }) => id));
    expect(store.change({ type: 'Import', text }).ok).toBe(true);
    expect(store.active.name).toBe('Scalper 2');
    expect(types(store.document)).toHaveLength(panels.length * 2);
    const imported = store.active.windows.flatMap((window) => window.panels.map(({ id }) => id));
    expect(imported.filter((id) => panels.includes(id))).toEqual([]);
    for (const [wrong, code] of [
      ['{}', 'WORKSPACE_DAMAGED'],
      [text.replace('"form":3', '"form":7'), 'WORKSPACE_NEWER'],
      [text.replace('"share":1', '"share":-1'), 'WORKSPACE_DAMAGED'],
    ] as const) {
      expect(store.change({ type: 'Import', text: wrong })).toMatchObject({ error: { code } });
    }
  });

  test('a layout nested beyond any desk is refused, beyond the stack too', () => {
    const nested = (depth: number): string =>
      `${'{"kind":"row","share":1,"children":['.repeat(depth)}{"kind":"stack","share":1,"panels":["a"],"active":0}${']}'.repeat(depth)}`;
    const asked = (depth: number): unknown =>
      decodeMessage(
        hostRequestSchema,
        `{"type":"ChangeWorkspace","number":1,"change":{"type":"SetLayout","workspace":"a","window":"w","loads":1,"layout":${nested(depth)}}}`,
      );
    expect(asked(20)).toMatchObject({ ok: true });
    expect(asked(30)).toMatchObject({ error: { code: 'MESSAGE_MALFORMED' } });
    expect(asked(100_000)).toMatchObject({ error: { code: 'MESSAGE_MALFORMED' } });
  });
});
