import { ok } from '../../../engine/base/result.ts';
import { unreachable } from '../../../engine/base/invariant.ts';
import {
  MOST_PANELS,
  MOST_WINDOWS,
  type DeskWindow,
  type Panel,
  type Workspace,
} from '../../../engine/api/workspace.ts';
import type { WorkspaceChange } from '../../../engine/api/workspace-changes.ts';
import { holdingExactly, sameShape, withoutPanel, withPanel } from './layout-tree.ts';
import { locked, refusal, tooMany, unknownWindow, type Changed } from './refusals.ts';
import { starterWindow } from './starters.ts';

/** Changes of how a workspace is kept; a locked one takes them too. */
export type KeepingChange = Extract<
  WorkspaceChange,
  { readonly type: 'SetPanelState' | 'SetPanelLink' | 'RenameWindow' | 'Save' | 'Lock' }
>;

/** Changes of what is docked where. */
export type DockingChange = Extract<
  WorkspaceChange,
  {
    readonly type:
      'AddPanel' | 'ClosePanel' | 'MovePanel' | 'AddWindow' | 'MergeWindow' | 'Revert' | 'Reset';
  }
>;

/** The workspace after a change of how it is kept. */
export function kept(workspace: Workspace, change: KeepingChange, now: number): Changed<Workspace> {
  switch (change.type) {
    case 'SetPanelState': {
      const { panel, state } = change;
      return withChangedPanel(workspace, panel, (one) => ({ ...one, state }));
    }
    case 'SetPanelLink': {
      const { panel, link } = change;
      return withChangedPanel(workspace, panel, (one) => ({ ...one, link }));
    }
    case 'RenameWindow':
      return inWindow(workspace, change.window, (window) => ok({ ...window, title: change.title }));
    case 'Save':
      return ok(savedNow(workspace, now));
    case 'Lock':
      return ok({ ...workspace, locked: change.locked });
    default:
      return unreachable(change);
  }
}

/** The workspace after a change of what is docked where; a locked one takes none. */
export function docked(
  workspace: Workspace,
  change: DockingChange,
  newId: () => string,
): Changed<Workspace> {
  if (workspace.locked) return locked(workspace);
  switch (change.type) {
    case 'Revert': {
      const { saved } = workspace;
      if (saved === null) {
        return refusal(
          'WORKSPACE_NOT_SAVED',
          `${workspace.name} was never saved: reset it instead`,
        );
      }
      return ok({ ...workspace, windows: saved.windows });
    }
    case 'Reset':
      return ok({ ...workspace, windows: resetWindows(workspace, change.narrow, newId) });
    case 'AddWindow':
      return withFurtherWindow(workspace, change.window);
    case 'AddPanel': {
      const { panelType: type, link, beside } = change;
      if (countPanels(workspace) >= MOST_PANELS) return tooMany(`${MOST_PANELS} panels`);
      return withPanelIn(
        workspace,
        change.window,
        { id: newId(), type, link, state: null },
        beside,
      );
    }
    case 'ClosePanel':
      return taken(workspace, change.panel, (rest) => ok(rest));
    case 'MovePanel':
      return taken(workspace, change.panel, (rest, panel) =>
        withPanelIn(rest, change.window, panel, null),
      );
    case 'MergeWindow':
      return merged(workspace, change.window, change.into);
    default:
      return unreachable(change);
  }
}

/** The first window from the starter; it keeps its id, so that who looks at it goes on looking at it. */
function resetWindows(workspace: Workspace, narrow: boolean, newId: () => string): DeskWindow[] {
  const [first] = workspace.windows;
  const fresh = starterWindow(workspace.starter, narrow, newId);
  return [first === undefined ? fresh : { ...fresh, id: first.id, bounds: first.bounds }];
}

/** The workspace after a window said how it stands. */
export function changedWindow(
  workspace: Workspace,
  change: Extract<WorkspaceChange, { readonly type: 'SetLayout' | 'SetBounds' }>,
): Changed<Workspace> {
  return inWindow(workspace, change.window, (window) => {
    if (change.type === 'SetBounds') return ok({ ...window, bounds: change.bounds });
    const ids = window.panels.map(({ id }) => id);
    const layout = holdingExactly(change.layout, ids);
    if (workspace.locked && !sameShape(layout, window.layout)) return locked(workspace);
    return ok({ ...window, layout });
  });
}

function withFurtherWindow(workspace: Workspace, id: string): Changed<Workspace> {
  if (workspace.windows.length >= MOST_WINDOWS) return tooMany(`${MOST_WINDOWS} windows`);
  if (workspace.windows.some((window) => window.id === id)) return ok(workspace);
  const titles = new Set(workspace.windows.map(({ title }) => title));
  let number = workspace.windows.length + 1;
  while (titles.has(`Window ${number}`)) number += 1;
  const window: DeskWindow = {
    id,
    title: `Window ${number}`,
    bounds: null,
    layout: null,
    panels: [],
  };
  return ok({ ...workspace, windows: [...workspace.windows, window] });
}

/** The workspace without a panel, and the panel. */
function taken(
  workspace: Workspace,
  id: string,
  then: (rest: Workspace, panel: Panel) => Changed<Workspace>,
): Changed<Workspace> {
  for (const window of workspace.windows) {
    const panel = window.panels.find((one) => one.id === id);
    if (panel === undefined) continue;
    const rest = {
      ...window,
      layout: withoutPanel(window.layout, id),
      panels: window.panels.filter((one) => one !== panel),
    };
    return then(withWindow(workspace, rest), panel);
  }
  return refusal('WORKSPACE_PANEL_UNKNOWN', `this workspace has no panel ${id}`);
}

function withPanelIn(
  workspace: Workspace,
  windowId: string,
  panel: Panel,
  beside: string | null,
): Changed<Workspace> {
  return inWindow(workspace, windowId, (window) =>
    ok({
      ...window,
      layout: withPanel(window.layout, panel.id, beside),
      panels: [...window.panels, panel],
    }),
  );
}

function merged(workspace: Workspace, from: string, into: string): Changed<Workspace> {
  const source = workspace.windows.find(({ id }) => id === from);
  if (source === undefined || from === into) return unknownWindow(from);
  const rest = { ...workspace, windows: workspace.windows.filter((window) => window !== source) };
  return source.panels.reduce<Changed<Workspace>>(
    (outcome, panel) => (outcome.ok ? withPanelIn(outcome.value, into, panel, null) : outcome),
    rest.windows.some(({ id }) => id === into) ? ok(rest) : unknownWindow(into),
  );
}

function withChangedPanel(
  workspace: Workspace,
  id: string,
  change: (panel: Panel) => Panel,
): Changed<Workspace> {
  const window = workspace.windows.find(({ panels }) => panels.some((one) => one.id === id));
  if (window === undefined) {
    return refusal('WORKSPACE_PANEL_UNKNOWN', `this workspace has no panel ${id}`);
  }
  const panels = window.panels.map((panel) => (panel.id === id ? change(panel) : panel));
  return ok(withWindow(workspace, { ...window, panels }));
}

/** The workspace saved as it is. */
export function savedNow(workspace: Workspace, now: number): Workspace {
  return { ...workspace, saved: { at: now, windows: workspace.windows } };
}

function inWindow(
  workspace: Workspace,
  id: string,
  change: (window: DeskWindow) => Changed<DeskWindow>,
): Changed<Workspace> {
  const window = workspace.windows.find((one) => one.id === id);
  if (window === undefined) return unknownWindow(id);
  const changed = change(window);
  return changed.ok ? ok(withWindow(workspace, changed.value)) : changed;
}

function withWindow(workspace: Workspace, window: DeskWindow): Workspace {
  const windows = workspace.windows.map((one) => (one.id === window.id ? window : one));
  return { ...workspace, windows };
}

function countPanels(workspace: Workspace): number {
  return workspace.windows.reduce((sum, { panels }) => sum + panels.length, 0);
}
