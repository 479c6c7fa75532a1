import { createStore } from 'zustand/vanilla';
import type {
  DeskDocument,
  DeskWindow,
  HostMessage,
  HostRequest,
  Panel,
  RecoveryCopy,
  Workspace,
  WorkspaceChange,
} from '../client/host-client.ts';
import type { HostWindows } from '../client/host.ts';

export { USUAL_ITEMS } from '../client/host-client.ts';
export type {
  DeskDocument,
  DeskWindow,
  LayoutNode,
  LinkGroupNumber,
  LinkItem,
  LinkRole,
  Panel,
  RecoveryCopy,
  Starter,
  Workspace,
  WorkspaceChange,
} from '../client/host-client.ts';

/** What the window knows of the workspaces. */
export interface WorkspacesState {
  /** Undefined until main said it. */
  readonly document: DeskDocument | undefined;
  /** Another number: the panels are loaded anew. */
  readonly loads: number;
  /** The window of the workspace that is shown here; null when others show them all. */
  readonly window: string | null;
  /** Windows that are shown somewhere. */
  readonly open: readonly string[];
  /** What can be restored, newest first. */
  readonly copies: readonly RecoveryCopy[];
  /** What is wrong with the workspace file. */
  readonly problem: { readonly code: string; readonly message: string } | undefined;
}

/** Form of the workspace files that this version writes. */
export const WORKSPACE_FILE_FORM = 3;

/** Windows below this width get the layout of a laptop. */
const NARROW_BELOW_PX = 1700;
const LOOK_AT_PLACE_MS = 1500;
const MOST_TRIES = 3;
const TRY_AGAIN_MS = 1000;

type JsonPart = DeskDocument['parts'][string];

/** The window's view of the workspaces: main owns them, every change is asked of it and comes back as a new document. */
export class Workspaces {
  readonly store = createStore<WorkspacesState>(() => ({
    document: undefined,
    loads: 0,
    window: null,
    open: [],
    copies: [],
    problem: undefined,
  }));
  readonly windows: HostWindows;
  readonly #send: (request: HostRequest) => boolean;
  #number = 0;
  #answered = 0;
  #place = '';
  /** How often more this page asks for a window: the page before it may not have been missed yet. */
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(windows: HostWindows, send: (request: HostRequest) => boolean) {
    this.windows = windows;
    this.#send = send;
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'Welcome':
        // What was on its way to main that is gone has no answer any more.
        this.#answered = this.#number;
        this.#tries = MOST_TRIES;
        this.showWindow(this.store.getState().window ?? this.windows.asked);
        return;
      case 'Workspaces': {
        const { document, loads, window, open, answered } = message;
        if (answered !== null) this.#answered = answered;
        if (window !== this.store.getState().window) this.windows.remember(window);
        this.store.setState({ document, loads, window, open });
        if (window !== null) this.#tries = 0;
        else this.#tryAgain();
        return;
      }
      case 'Copies':
        this.store.setState({ copies: message.copies });
        return;
      case 'WorkspaceProblem':
        this.store.setState({ problem: { code: message.code, message: message.message } });
        return;
      default:
    }
  }

  /** True when this window is of a laptop's width. */
  get narrow(): boolean {
    return this.windows.place().width < NARROW_BELOW_PX;
  }

  /** True while a change of this window is not in the document that is here. */
  get pending(): boolean {
    return this.#answered < this.#number;
  }

  /** Asks for a change; false when main is not connected. */
  change(change: WorkspaceChange): boolean {
    const number = this.#number + 1;
    if (!this.#send({ type: 'ChangeWorkspace', number, change })) return false;
    this.#number = number;
    return true;
  }

  /** Shows a window of the workspace here, when nobody else does; null is any. */
  showWindow(window: string | null): void {
    this.#send({ type: 'AttachWindow', window, narrow: this.narrow });
  }

  /** Adds a window to the workspace and shows it here, where none was shown. */
  showNewWindow(window: string): void {
    if (this.change({ type: 'AddWindow', window })) this.showWindow(window);
  }

  /** A part of the document that belongs to the desk; undefined when it has none. */
  part(name: string): JsonPart | undefined {
    return this.store.getState().document?.parts[name];
  }

  /** Keeps a part of the document that belongs to the desk. */
  setPart(name: string, value: JsonPart): void {
    this.change({ type: 'SetPart', name, value });
  }

  /** Tells main now and then where this window is on the screen, where main does not see that itself. */
  watchPlace(): void {
    if (!this.windows.tellsPlace) return;
    setInterval(() => {
      const state = this.store.getState();
      const workspace = activeWorkspace(state);
      if (workspace === undefined || state.window === null || document.hidden) return;
      const bounds = this.windows.place();
      const text = JSON.stringify([workspace.id, state.window, bounds]);
      if (text === this.#place) return;
      const change = { workspace: workspace.id, window: state.window, bounds };
      if (this.change({ type: 'SetBounds', ...change })) this.#place = text;
    }, LOOK_AT_PLACE_MS);
  }

  #tryAgain(): void {
    if (this.#tries === 0 || this.#timer !== undefined) return;
    this.#tries -= 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const state = this.store.getState();
      if (state.window !== null) return;
      const { asked } = this.windows;
      // Opened for a window that another page shows: it does not take a third one.
      if (asked !== null && state.open.includes(asked)) this.#tryAgain();
      else this.showWindow(asked);
    }, TRY_AGAIN_MS);
  }
}

/** The workspace that is shown; undefined until main said it. */
export function activeWorkspace({ document }: WorkspacesState): Workspace | undefined {
  return document?.workspaces.find(({ id }) => id === document.active);
}

/** The window of the workspace that is shown here. */
export function shownWindow(state: WorkspacesState): DeskWindow | undefined {
  return activeWorkspace(state)?.windows.find(({ id }) => id === state.window);
}

/** Windows with panels that nobody shows. */
export function closedWindows(state: WorkspacesState): readonly DeskWindow[] {
  const windows = activeWorkspace(state)?.windows ?? [];
  return windows.filter(({ id, panels }) => panels.length > 0 && !state.open.includes(id));
}

/** True when a workspace stands otherwise than it was saved. */
export function isEdited(workspace: Workspace | undefined): boolean {
  if (workspace === undefined || workspace.saved === null) return false;
  const standing = (windows: readonly DeskWindow[]): string =>
    JSON.stringify(windows.map(({ bounds: _bounds, ...rest }) => rest));
  return standing(workspace.windows) !== standing(workspace.saved.windows);
}

/** A panel's title among the panels of its window: a second one of a kind is numbered, so that no two are called the same. */
export function numberedTitle(title: string, panel: Panel, panels: readonly Panel[]): string {
  const at = panels
    .filter(({ type }) => type === panel.type)
    .findIndex(({ id }) => id === panel.id);
  return at > 0 ? `${title} ${at + 1}` : title;
}
