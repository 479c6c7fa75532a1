import type { DeskCommand } from '../../commands/command-registry.ts';
import type { Desk } from '../../state/desk.tsx';
import {
  activeWorkspace,
  closedWindows,
  shownWindow,
  USUAL_ITEMS,
  type DeskWindow,
  type LinkGroupNumber,
  type LinkItem,
  type LinkRole,
  type Panel,
  type Starter,
  type WorkspacesState,
} from '../../state/workspaces.ts';
import type { PanelDefinition } from '../../workspace/panel-registry.ts';
import { exportWorkspace, importWorkspace } from './workspace-files.ts';

/** Starter workspaces as they are offered. */
export const STARTER_TITLES: readonly (readonly [Starter, string])[] = [
  ['scalper', 'Scalper'],
  ['swing', 'Swing'],
  ['market-maker', 'Market maker'],
  ['researcher', 'Researcher'],
  ['risk-officer', 'Risk officer'],
  ['laptop', 'Laptop'],
];

/** What can be linked, as it is named. */
export const LINKED_ITEMS: readonly (readonly [LinkItem, string, string])[] = [
  ['instrument', 'Instrument', 'and the chosen order'],
  ['account', 'Account', 'of tickets and blotters'],
  ['interval', 'Interval', 'of charts'],
  ['time', 'Time', 'crosshair and place of charts'],
];

type PanelLink = NonNullable<Panel['link']>;
const USUAL_LINK: PanelLink = { group: 6, role: 'both', what: [...USUAL_ITEMS] };

const GROUPS: readonly LinkGroupNumber[] = [1, 2, 3, 4, 5, 6, 7, 8];
const ROLES: readonly (readonly [LinkRole, string])[] = [
  ['both', 'tells and follows its group'],
  ['source', 'only tells its group'],
  ['destination', 'only follows its group'],
];

/** What the shell shows when a command of the workspaces asks for it. */
export interface WorkspaceShell {
  readonly onMenu: () => void;
  readonly onPanelMenu: () => void;
  /** Lets a panel fill its window, or puts it back. */
  readonly onMaximise: (panel: string) => void;
  /** Lists the panels that an instrument can be sent to. */
  readonly onSend: () => void;
  readonly onSaveAs: () => void;
  readonly onRename: () => void;
  readonly onRenameWindow: () => void;
  readonly onCopies: () => void;
  /** The panel that had the focus last in this window. */
  readonly focusedPanel: () => string | undefined;
}

/** The commands of workspaces, windows and docked panels, for what there is now. */
export function workspaceCommands(
  desk: Desk,
  shell: WorkspaceShell,
  panels: readonly PanelDefinition[],
): readonly DeskCommand[] {
  const { workspaces } = desk;
  const state = workspaces.store.getState();
  const workspace = activeWorkspace(state);
  if (workspace === undefined) return [];
  const command = (
    id: string,
    title: string,
    run: () => void,
    keys: readonly string[] = [],
  ): DeskCommand => ({ id, title, keys, scope: 'desk', order: false, run });
  const change = workspaces.change.bind(workspaces);
  const own = shownWindow(state);
  const closed = closedWindows(state);
  const others = workspace.windows.filter(({ id }) => id !== own?.id);
  const withFocused = (act: (panel: string) => void) => (): void => {
    const panel = shell.focusedPanel();
    if (panel === undefined) {
      desk.notices.raise('info', 'No panel chosen', 'Click into a panel first, or press its key.');
      return;
    }
    act(panel);
  };
  return [
    command('workspace.menu', 'Workspaces', shell.onMenu, ['F10']),
    ...(state.document === undefined
      ? []
      : state.document.workspaces.map(({ id, name }) =>
          command(`workspace.open.${id}`, `Workspace: ${name}`, () => {
            if (id !== workspace.id) change({ type: 'Switch', workspace: id });
          }),
        )),
    command('workspace.save', 'Save the workspace', () => saved(desk, workspace.name), ['Ctrl+S']),
    command('workspace.save-as', 'Save the workspace as…', shell.onSaveAs),
    command('workspace.rename', 'Rename the workspace…', shell.onRename),
    command('workspace.lock', workspace.locked ? 'Unlock the layout' : 'Lock the layout', () => {
      change({ type: 'Lock', locked: !workspace.locked });
    }),
    command('workspace.undo', 'Take back the last move', () => change({ type: 'Undo' }), [
      'Ctrl+Alt+Z',
    ]),
    command('workspace.revert', 'Back to the last save', () => change({ type: 'Revert' })),
    command('workspace.reset', 'Reset the layout', () =>
      change({ type: 'Reset', narrow: workspaces.narrow }),
    ),
    command('workspace.delete', 'Delete the workspace', () => {
      if (!change({ type: 'Delete', workspace: workspace.id })) return;
      const text = `${workspace.name} is in the recovery copies.`;
      desk.notices.raise('info', 'Workspace deleted', text);
    }),
    command('workspace.copies', 'Recovery copies…', shell.onCopies),
    command('workspace.export', 'Export the workspace', () => exportWorkspace(workspace)),
    command('workspace.import', 'Import a workspace…', () => importWorkspace(desk)),
    ...STARTER_TITLES.map(([starter, title]) =>
      command(`workspace.create.${starter}`, `New workspace: ${title}`, () => {
        change({ type: 'Create', starter, narrow: workspaces.narrow });
      }),
    ),
    command('window.new', 'New window', () => newWindow(desk)),
    ...(own === undefined
      ? []
      : [command('window.rename', 'Rename this window…', shell.onRenameWindow)]),
    ...(closed.length === 0
      ? []
      : [
          command('window.restore', restoreTitle(closed.length), () => restore(desk, closed)),
          command('window.gather', 'Bring panels of closed windows here', () => {
            if (own === undefined) return;
            for (const { id } of closed) change({ type: 'MergeWindow', window: id, into: own.id });
          }),
        ]),
    command('dock.menu', 'Menu of the panel: link, move, close', shell.onPanelMenu, ['Alt+L']),
    command('dock.maximise', 'Maximise panel, or restore it', withFocused(shell.onMaximise)),
    command('instrument.send', 'Send the instrument to a panel…', shell.onSend, ['Alt+I']),
    ...others.map(({ id, title }) =>
      command(
        `dock.move.${id}`,
        `Move panel to ${title}`,
        withFocused((panel) => change({ type: 'MovePanel', panel, window: id })),
      ),
    ),
    command(
      'dock.move.new',
      'Move panel to a new window',
      withFocused((panel) => {
        const window = newWindow(desk);
        if (window !== undefined) change({ type: 'MovePanel', panel, window });
      }),
    ),
    command(
      'dock.close',
      'Close panel',
      withFocused((panel) => change({ type: 'ClosePanel', panel })),
    ),
    ...panels.map(({ name, title }) =>
      command(`dock.add.${name}`, `Add panel: ${title}`, () => addPanel(desk, shell, name, panels)),
    ),
    ...GROUPS.map((group) =>
      command(
        `dock.link.${group}`,
        `Link panel to group ${group}`,
        withFocused((panel) => changeLink(desk, panel, () => ({ group }))),
      ),
    ),
    ...ROLES.map(([role, words]) =>
      command(
        `dock.role.${role}`,
        `Panel ${words}`,
        withFocused((panel) => changeLink(desk, panel, () => ({ role }))),
      ),
    ),
    ...LINKED_ITEMS.map(([item, words]) =>
      command(
        `dock.what.${item}`,
        `Link ${words.toLowerCase()} of the panel, or not`,
        withFocused((panel) =>
          changeLink(desk, panel, ({ what }) => ({
            what: what.includes(item) ? what.filter((one) => one !== item) : [...what, item],
          })),
        ),
      ),
    ),
    command(
      'dock.unlink',
      'Unlink panel',
      withFocused((panel) => change({ type: 'SetPanelLink', panel, link: null })),
    ),
  ];
}

/** What the commands depend on: with the same text they are the same. */
export function commandsKey(state: WorkspacesState): string {
  const workspace = activeWorkspace(state);
  return JSON.stringify([
    state.document?.workspaces.map(({ id, name }) => [id, name]),
    workspace?.id,
    workspace?.locked,
    workspace?.windows.map(({ id, title, panels }) => [id, title, panels.length > 0]),
    state.window,
    state.open,
  ]);
}

/** Docks a further panel of a type beside the one that has the focus. */
export function addPanel(
  desk: Desk,
  shell: Pick<WorkspaceShell, 'focusedPanel'>,
  type: string,
  panels: readonly PanelDefinition[],
): void {
  const window = desk.workspaces.store.getState().window;
  if (window === null) return;
  const linked = panels.find(({ name }) => name === type)?.linked === true;
  desk.workspaces.change({
    type: 'AddPanel',
    window,
    panelType: type,
    link: linked ? USUAL_LINK : null,
    beside: shell.focusedPanel() ?? null,
  });
}

/** Links a panel otherwise than it is linked now. */
function changeLink(desk: Desk, panel: string, part: (now: PanelLink) => Partial<PanelLink>): void {
  const panels = shownWindow(desk.workspaces.store.getState())?.panels;
  const now = panels?.find(({ id }) => id === panel)?.link ?? USUAL_LINK;
  desk.workspaces.change({ type: 'SetPanelLink', panel, link: { ...now, ...part(now) } });
}

/** Adds a window to the workspace and opens it; its id unless the browser refused. */
function newWindow(desk: Desk): string | undefined {
  const { workspaces } = desk;
  const window = crypto.randomUUID();
  if (!workspaces.change({ type: 'AddWindow', window })) return undefined;
  if (workspaces.windows.open(window, null)) return window;
  const into = workspaces.store.getState().window;
  if (into !== null) workspaces.change({ type: 'MergeWindow', window, into });
  blocked(desk);
  return undefined;
}

function restore(desk: Desk, closed: readonly DeskWindow[]): void {
  // A browser that lets a page open one window at a time leaves the others on offer.
  const opened = closed.filter(({ id, bounds }) => desk.workspaces.windows.open(id, bounds));
  if (opened.length < closed.length) blocked(desk);
}

/** What restoring so many windows is called. */
export function restoreTitle(count: number): string {
  return count === 1 ? 'Restore 1 window' : `Restore ${count} windows`;
}

function blocked(desk: Desk): void {
  const text = 'The browser blocked it: allow pop-up windows for this address, then ask again.';
  desk.notices.raise('warning', 'Window not opened', text);
}

function saved(desk: Desk, name: string): void {
  if (desk.workspaces.change({ type: 'Save' })) desk.notices.raise('done', 'Saved', name);
}
