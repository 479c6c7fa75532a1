import { ok } from '../../../engine/base/result.ts';
import { present, unreachable } from '../../../engine/base/invariant.ts';
import {
  LONGEST_NAME,
  MOST_WORKSPACES,
  type DeskDocument,
  type DeskWindow,
  type Workspace,
} from '../../../engine/api/workspace.ts';
import type { WorkspaceChange } from '../../../engine/api/workspace-changes.ts';
import { changedWindow, docked, kept, savedNow } from './change-workspace.ts';
import { nameTaken, refusal, tooMany, unknownWorkspace, type Changed } from './refusals.ts';
import { STARTER_NAMES, starterWorkspace } from './starters.ts';

/** Changes of the document itself; the others are about files and copies. */
export type DocumentChange = Exclude<
  WorkspaceChange,
  { readonly type: 'Import' | 'RestoreCopy' | 'Undo' }
>;

/** What a change is made with. */
export interface ChangeContext {
  readonly newId: () => string;
  /** UnixMicros. */
  readonly now: number;
}

/** The document after a change. Every panel stays in exactly one place, except one that was closed. */
export function applyChange(
  document: DeskDocument,
  change: DocumentChange,
  context: ChangeContext,
): Changed<DeskDocument> {
  switch (change.type) {
    case 'SetPart':
      return ok({ ...document, parts: { ...document.parts, [change.name]: change.value } });
    case 'Switch':
      return document.workspaces.some(({ id }) => id === change.workspace)
        ? ok({ ...document, active: change.workspace })
        : unknownWorkspace();
    case 'Create': {
      const { starter, narrow } = change;
      const name = freeName(document, STARTER_NAMES[starter]);
      return withWorkspace(document, starterWorkspace(starter, narrow, name, context.newId));
    }
    case 'SaveAs': {
      if (isTaken(document, change.name, undefined)) return nameTaken(change.name);
      const saved = savedNow(copyOf(activeOf(document), context.newId), context.now);
      return withWorkspace(document, { ...saved, name: change.name });
    }
    case 'Rename':
      if (isTaken(document, change.name, change.workspace)) return nameTaken(change.name);
      return inWorkspace(document, change.workspace, (one) => ok({ ...one, name: change.name }));
    case 'Delete':
      return withoutWorkspace(document, change.workspace);
    case 'SetLayout':
    case 'SetBounds':
      return inWorkspace(document, change.workspace, (one) => changedWindow(one, change));
    case 'SetPanelState':
    case 'SetPanelLink':
    case 'RenameWindow':
    case 'Save':
    case 'Lock':
      return inWorkspace(document, document.active, (one) => kept(one, change, context.now));
    case 'AddPanel':
    case 'ClosePanel':
    case 'MovePanel':
    case 'AddWindow':
    case 'MergeWindow':
    case 'Revert':
    case 'Reset':
      return inWorkspace(document, document.active, (one) => docked(one, change, context.newId));
    default:
      return unreachable(change);
  }
}

/** The workspace that is shown. */
export function activeOf(document: DeskDocument): Workspace {
  const shown = document.workspaces.find(({ id }) => id === document.active);
  return present(shown ?? document.workspaces[0], 'a workspace');
}

/** The document with a further workspace, shown. */
export function withWorkspace(document: DeskDocument, workspace: Workspace): Changed<DeskDocument> {
  if (document.workspaces.length >= MOST_WORKSPACES) {
    return tooMany(`${MOST_WORKSPACES} workspaces`);
  }
  const workspaces = [...document.workspaces, workspace];
  return ok({ ...document, active: workspace.id, workspaces });
}

/** `name`, or with a number when a workspace has it already. */
export function freeName(document: DeskDocument, name: string): string {
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? '' : ` ${count}`;
    const candidate = `${name.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
    if (!isTaken(document, candidate, undefined)) return candidate;
  }
}

/** The workspace under ids of its own. */
export function copyOf(workspace: Workspace, newId: () => string): Workspace {
  const ids = new Map<string, string>();
  const fresh = (id: string): string => {
    const known = ids.get(id) ?? newId();
    ids.set(id, known);
    return known;
  };
  const windows = workspace.windows.map((window) => renamed(window, fresh));
  const { saved } = workspace;
  const savedWindows = saved?.windows.map((window) => renamed(window, fresh));
  return {
    ...workspace,
    id: newId(),
    windows,
    saved:
      saved === null || savedWindows === undefined ? null : { ...saved, windows: savedWindows },
  };
}

function renamed(window: DeskWindow, fresh: (id: string) => string): DeskWindow {
  const layoutOf = (node: DeskWindow['layout']): DeskWindow['layout'] => {
    if (node === null) return null;
    if (node.kind === 'stack') return { ...node, panels: node.panels.map(fresh) };
    return { ...node, children: node.children.flatMap((child) => layoutOf(child) ?? []) };
  };
  return {
    ...window,
    id: fresh(window.id),
    layout: layoutOf(window.layout),
    panels: window.panels.map((panel) => ({ ...panel, id: fresh(panel.id) })),
  };
}

function withoutWorkspace(document: DeskDocument, id: string): Changed<DeskDocument> {
  const at = document.workspaces.findIndex((workspace) => workspace.id === id);
  if (at === -1) return unknownWorkspace();
  const workspaces = document.workspaces.filter((_, index) => index !== at);
  const next = workspaces[Math.min(at, workspaces.length - 1)];
  if (next === undefined) {
    return refusal('WORKSPACE_LAST', 'the last workspace cannot be deleted: reset it instead');
  }
  return ok({
    ...document,
    workspaces,
    active: document.active === id ? next.id : document.active,
  });
}

function inWorkspace(
  document: DeskDocument,
  id: string,
  change: (workspace: Workspace) => Changed<Workspace>,
): Changed<DeskDocument> {
  const workspace = document.workspaces.find((one) => one.id === id);
  if (workspace === undefined) return unknownWorkspace();
  const changed = change(workspace);
  if (!changed.ok) return changed;
  const workspaces = document.workspaces.map((one) => (one === workspace ? changed.value : one));
  return ok({ ...document, workspaces });
}

function isTaken(document: DeskDocument, name: string, except: string | undefined): boolean {
  const wanted = name.toLowerCase();
  return document.workspaces.some(
    (workspace) => workspace.id !== except && workspace.name.toLowerCase() === wanted,
  );
}
