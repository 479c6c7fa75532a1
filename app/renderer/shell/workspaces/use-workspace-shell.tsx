import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { useDesk, useWorkspaces } from '../../state/desk.tsx';
import { activeWorkspace, numberedTitle, shownWindow } from '../../state/workspaces.ts';
import type { DockView } from '../../workspace/dock-view.ts';
import { PANELS, titleOfPanel } from '../panels.ts';
import { CopiesDialog } from './copies-dialog.tsx';
import type { MenuPlace } from './menu.tsx';
import { MoreMenu } from './more-menu.tsx';
import { NameDialog } from './name-dialog.tsx';
import { PanelMenu } from './panel-menu.tsx';
import { SendMenu } from './send-menu.tsx';
import { addPanel, commandsKey, workspaceCommands } from './workspace-commands.ts';

type Overlay =
  | { readonly kind: 'none' | 'save-as' | 'rename' | 'rename-window' | 'copies' }
  | { readonly kind: 'panel'; readonly panel: string; readonly place: MenuPlace }
  | { readonly kind: 'more'; readonly panels: readonly string[]; readonly place: MenuPlace }
  | { readonly kind: 'send'; readonly place: MenuPlace };

/** Least pixels of a stack in which a panel that was asked for by its name is docked. */
const ROOM = { width: 400, height: 220 };

/** What the frame of the window needs of its workspaces. */
export interface WorkspaceShellParts {
  /** The button of the Workspaces menu. */
  readonly menu: RefObject<HTMLButtonElement | null>;
  /** Menus and dialogs that are open. */
  readonly overlay: ReactNode;
  readonly onDock: (dock: DockView | undefined) => void;
  readonly onFocus: (panel: string) => void;
  readonly onMenu: (panel: string, at: DOMRect) => void;
  readonly onMore: (panels: readonly string[], at: DOMRect) => void;
  /** Brings the keyboard into a panel of a type; docks one when there is none. */
  readonly goTo: (type: string) => void;
}

/** Wires workspaces, dock and commands together; everyone is disarmed when the workspace changes. */
export function useWorkspaceShell(): WorkspaceShellParts {
  const desk = useDesk();
  const { registry } = useCommands();
  const dock = useRef<DockView>(undefined);
  const focused = useRef<string>(undefined);
  const menu = useRef<HTMLButtonElement>(null);
  const [overlay, setOverlay] = useState<Overlay>({ kind: 'none' });
  useDisarming();
  useProblem();
  const [parts] = useState(() => {
    const onFocus = (panel: string): void => {
      focused.current = panel;
      desk.links.focus(panel);
      registry.bindings.prefer(panel);
    };
    const focusedPanel = (): string | undefined => {
      const window = shownWindow(desk.workspaces.store.getState());
      return window?.panels.find(({ id }) => id === focused.current)?.id;
    };
    /** The focused panel, when beside it there is room to read another. */
    const roomyPanel = (): string | undefined => {
      const panel = focusedPanel();
      const tab = panel === undefined ? undefined : dock.current?.tabOf(panel);
      const { width = 0, height = 0 } = tab?.closest('.lm_stack')?.getBoundingClientRect() ?? {};
      return width >= ROOM.width && height >= ROOM.height ? panel : undefined;
    };
    const onMenu = (panel: string, at: DOMRect): void => {
      onFocus(panel);
      setOverlay({ kind: 'panel', panel, place: placeUnder(at) });
    };
    return {
      focusedPanel,
      onFocus,
      onMenu,
      onMore: (panels: readonly string[], at: DOMRect): void =>
        setOverlay({ kind: 'more', panels, place: placeUnder(at) }),
      showPanel: (panel: string): void => dock.current?.focusPanel(panel),
      onDock: (made: DockView | undefined): void => {
        dock.current = made;
      },
      goTo: (type: string): void => {
        if (dock.current?.focusType(type) === true) return;
        dock.current?.awaitType(type);
        addPanel(desk, { focusedPanel: roomyPanel }, type, PANELS);
      },
      shell: {
        focusedPanel,
        onMenu: () => menu.current?.click(),
        onPanelMenu: () => {
          const panel = focusedPanel();
          const tab = panel === undefined ? undefined : dock.current?.tabOf(panel);
          if (panel !== undefined && tab !== undefined) onMenu(panel, tab.getBoundingClientRect());
        },
        onMaximise: (panel: string) => dock.current?.maximise(panel),
        onSend: () => {
          const panel = focusedPanel();
          const tab = panel === undefined ? undefined : dock.current?.tabOf(panel);
          const at = tab?.getBoundingClientRect() ?? { left: 4, bottom: 48 };
          setOverlay({ kind: 'send', place: placeUnder(at) });
        },
        onSaveAs: () => setOverlay({ kind: 'save-as' }),
        onRename: () => setOverlay({ kind: 'rename' }),
        onRenameWindow: () => setOverlay({ kind: 'rename-window' }),
        onCopies: () => setOverlay({ kind: 'copies' }),
      },
    };
  });
  // What there is decides which commands there are.
  const key = useWorkspaces(commandsKey);
  useEffect(
    () => registry.register(key === '' ? [] : workspaceCommands(desk, parts.shell, PANELS)),
    [registry, desk, parts, key],
  );
  const [close] = useState(() => () => setOverlay({ kind: 'none' }));
  const { onDock, onFocus, onMenu, onMore, goTo, showPanel } = parts;
  return {
    menu,
    onDock,
    onFocus,
    onMenu,
    onMore,
    goTo,
    overlay: <Overlays overlay={overlay} onShow={showPanel} onClose={close} />,
  };
}

function Overlays({
  overlay,
  onShow,
  onClose,
}: {
  readonly overlay: Overlay;
  readonly onShow: (panel: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const desk = useDesk();
  const workspace = useWorkspaces(activeWorkspace);
  const window = useWorkspaces(shownWindow);
  const document = useWorkspaces((state) => state.document);
  if (workspace === undefined || overlay.kind === 'none') return null;
  if (overlay.kind === 'copies') return <CopiesDialog onClose={onClose} />;
  if (overlay.kind === 'panel') {
    const shown = window?.panels.find(({ id }) => id === overlay.panel);
    if (window === undefined || shown === undefined) return null;
    const title = numberedTitle(titleOfPanel(shown.type), shown, window.panels);
    const { panel, place } = overlay;
    return <PanelMenu panel={panel} title={title} place={place} onClose={onClose} />;
  }
  if (overlay.kind === 'more') {
    const { panels, place } = overlay;
    return <MoreMenu panels={panels} place={place} onShow={onShow} onClose={onClose} />;
  }
  if (overlay.kind === 'send') return <SendMenu place={overlay.place} onClose={onClose} />;
  if (overlay.kind === 'rename-window') {
    if (window === undefined) return null;
    return (
      <NameDialog
        title="Rename this window"
        name={window.title}
        taken={[]}
        action="Rename"
        onName={(title) =>
          desk.workspaces.change({ type: 'RenameWindow', window: window.id, title })
        }
        onClose={onClose}
      />
    );
  }
  const names = document?.workspaces.map(({ name }) => name) ?? [];
  if (overlay.kind === 'save-as') {
    return (
      <NameDialog
        title="Save under a name"
        name={`${workspace.name} copy`}
        taken={names}
        action="Save"
        onName={(name) => desk.workspaces.change({ type: 'SaveAs', name })}
        onClose={onClose}
      />
    );
  }
  return (
    <NameDialog
      title="Rename the workspace"
      name={workspace.name}
      taken={names.filter((name) => name !== workspace.name)}
      action="Rename"
      onName={(name) => desk.workspaces.change({ type: 'Rename', workspace: workspace.id, name })}
      onClose={onClose}
    />
  );
}

function placeUnder({ left, bottom }: Pick<DOMRect, 'left' | 'bottom'>): MenuPlace {
  return { left, top: bottom + 2 };
}

/** Who was armed for what was on the screen is not armed for what is there now. */
function useDisarming(): void {
  const desk = useDesk();
  const { actions } = useCommands();
  const loads = useWorkspaces((state) => state.loads);
  const seen = useRef(0);
  useEffect(() => {
    if (seen.current !== 0 && seen.current !== loads) {
      actions.disarm('The workspace changed: look at it, then arm again.');
    }
    seen.current = loads;
  }, [desk, actions, loads]);
}

function useProblem(): void {
  const desk = useDesk();
  const problem = useWorkspaces((state) => state.problem);
  useEffect(() => {
    if (problem === undefined) return;
    const unwritable = problem.code === 'WORKSPACE_UNWRITABLE';
    const title = unwritable ? 'Workspaces not saved' : 'Workspace file not used';
    desk.notices.raise('danger', title, problem.message, 'workspace-problem');
  }, [desk, problem]);
}
