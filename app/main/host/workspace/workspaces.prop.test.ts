import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STARTERS, type DeskDocument } from '../../../engine/api/workspace.ts';
import type { WorkspaceChange } from '../../../engine/api/workspace-changes.ts';
import { deskDocumentSchema } from '../../../engine/api/workspace.ts';
import { panelIdsOf } from './layout-tree.ts';
import { WorkspaceStore } from './workspace-store.ts';

/** A change drawn by numbers: which panel, window or workspace it is about is chosen from those there are. */
type Act = readonly [kind: number, first: number, second: number];

const KINDS = [
  'MovePanel',
  'MovePanel',
  'AddPanel',
  'ClosePanel',
  'AddWindow',
  'MergeWindow',
  'SetLayout',
  'Undo',
  'Save',
  'Revert',
  'Rename',
  'Switch',
  'Create',
  'Lock',
  'RestoreCopy',
  'Reset',
  'Delete',
] as const;

function pick<T>(listed: readonly T[], at: number): T | undefined {
  return listed[at % Math.max(1, listed.length)];
}

function changeOf(store: WorkspaceStore, [kind, first, second]: Act): WorkspaceChange | undefined {
  const { active, document } = store;
  const panel =
    pick(
      active.windows.flatMap(({ panels }) => panels),
      first,
    )?.id ?? 'none';
  const window = pick(active.windows, first)?.id ?? 'none';
  const other = pick(active.windows, second)?.id ?? 'none';
  const workspace = pick(document.workspaces, first)?.id ?? 'none';
  const type = KINDS[kind % KINDS.length];
  switch (type) {
    case 'MovePanel':
      return { type, panel, window: other };
    case 'AddPanel':
      return { type, window, panelType: 'chart', link: null, beside: panel };
    case 'ClosePanel':
      return { type, panel };
    case 'AddWindow':
      return { type, window: `w${first}` };
    case 'MergeWindow':
      return { type, window, into: other };
    case 'SetLayout': {
      // What a window says that was slower than the others: another window's layout, or half of its own.
      const layout = pick(active.windows, second)?.layout;
      if (layout === null || layout === undefined) return undefined;
      const said = layout.kind === 'stack' ? layout : (pick(layout.children, first) ?? layout);
      return { type, workspace: active.id, window, loads: Number.MAX_SAFE_INTEGER, layout: said };
    }
    case 'Rename':
      return { type, workspace, name: `Name ${second % 3}` };
    case 'Switch':
    case 'Delete':
      return { type, workspace };
    case 'Create':
      return { type, starter: pick(STARTERS, first) ?? 'swing', narrow: second % 2 === 0 };
    case 'Lock':
      return { type, locked: second % 4 === 0 };
    case 'RestoreCopy':
      return { type, copy: pick(store.copies, first)?.id ?? 'none' };
    case 'Reset':
      return { type, narrow: false };
    case 'Undo':
    case 'Save':
    case 'Revert':
      return { type };
    default:
      return undefined;
  }
}

/** Ids of the panels of the workspace that is shown, with how often each is listed and drawn. */
function tally(
  document: DeskDocument,
): ReadonlyMap<string, readonly [listed: number, drawn: number]> {
  const counts = new Map<string, [number, number]>();
  for (const workspace of document.workspaces) {
    for (const { layout, panels } of workspace.windows) {
      for (const { id } of panels)
        counts.set(id, [(counts.get(id)?.[0] ?? 0) + 1, counts.get(id)?.[1] ?? 0]);
      for (const id of panelIdsOf(layout))
        counts.set(id, [counts.get(id)?.[0] ?? 0, (counts.get(id)?.[1] ?? 0) + 1]);
    }
  }
  return counts;
}

const idsOf = (store: WorkspaceStore): readonly string[] =>
  store.active.windows.flatMap(({ panels }) => panels.map(({ id }) => id)).toSorted();

const KEEPING: ReadonlySet<WorkspaceChange['type']> = new Set([
  'MovePanel',
  'AddWindow',
  'MergeWindow',
  'SetLayout',
  'Save',
  'Rename',
  'Lock',
]);

test('whatever is moved, saved, renamed and restored, every panel is in exactly one place, and what only moves loses none', () => {
  const act = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const folder = mkdtempSync(join(tmpdir(), 'qd-workspaces-'));
      let ids = 0;
      let now = 1_700_000_000_000_000;
      const options = {
        dataFolder: folder,
        now: () => (now += 60_000_000),
        newId: () => `id${(ids += 1)}`,
      };
      const store = new WorkspaceStore(options);
      try {
        store.open(false);
        for (const drawn of acts) {
          const change = changeOf(store, drawn);
          if (change === undefined) continue;
          const before = idsOf(store);
          const { active } = store;
          const outcome = store.change(change);
          for (const [id, counts] of tally(store.document))
            expect([id, ...counts]).toEqual([id, 1, 1]);
          if (KEEPING.has(change.type) || !outcome.ok) expect(idsOf(store)).toEqual(before);
          if (change.type === 'ClosePanel' && outcome.ok) {
            expect(idsOf(store)).toEqual(before.filter((id) => id !== change.panel));
            expect(store.change({ type: 'Undo' }).ok).toBe(true);
            expect(idsOf(store)).toEqual(before);
          }
          if (active.locked && change.type === 'MovePanel') expect(outcome.ok).toBe(false);
        }
        expect(deskDocumentSchema.parse(store.document)).toEqual(store.document);
        const { document } = store;
        store[Symbol.dispose]();
        const held = (one: DeskDocument): unknown =>
          one.workspaces.map(({ name, windows }) => [
            name,
            windows.filter(({ panels }) => panels.length > 0),
          ]);
        expect(held(new WorkspaceStore(options).document)).toEqual(held(document));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});
