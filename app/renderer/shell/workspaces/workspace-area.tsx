import { useMemo, type ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { useDesk, useHost, useWorkspaces } from '../../state/desk.tsx';
import { activeWorkspace, shownWindow, type Panel } from '../../state/workspaces.ts';
import { Say } from '../../ui/controls.tsx';
import { Dock } from '../../workspace/dock.tsx';
import type { DockView } from '../../workspace/dock-view.ts';
import { environmentWords } from '../environment-words.ts';
import { PANELS } from '../panels.ts';
import { watchCount } from './tab-counts.ts';
import { sendWords, showIn, watchInstrument } from './send-instrument.ts';

/** The panels of this window, or what to do when there are none to show. */
export function WorkspaceArea({
  frame,
  onDock,
  onFocus,
  onMenu,
  onMore,
}: {
  readonly frame: (content: ReactNode, panel: Panel) => ReactNode;
  readonly onDock: (dock: DockView | undefined) => void;
  readonly onFocus: (panel: string) => void;
  readonly onMenu: (panel: string, at: DOMRect) => void;
  readonly onMore: (panels: readonly string[], at: DOMRect) => void;
}): ReactNode {
  const desk = useDesk();
  const environment = useHost((state) => state.environment);
  const settings = useHost((state) => state.settings);
  const workspace = useWorkspaces(activeWorkspace);
  const window = useWorkspaces(shownWindow);
  const loads = useWorkspaces((state) => state.loads);
  const locked = workspace?.locked === true;
  const shown = useMemo(
    () => (window === undefined ? undefined : { window, locked, loads }),
    [window, locked, loads],
  );
  // The look and the time zone are known before the first panel is drawn.
  if (workspace === undefined || environment === undefined || settings === undefined) {
    return (
      <main className="dock waiting">
        <Say
          icon="plug"
          title="Connecting to the engine"
          text="The desk opens as soon as the host answers. It tries again by itself."
        />
      </main>
    );
  }
  if (shown === undefined) return <SpareWindow name={workspace.name} />;
  if (shown.window.panels.length === 0) return <EmptyWindow title={shown.window.title} />;
  return (
    <Dock
      key={shown.window.id}
      panels={PANELS}
      shown={shown}
      simulation={environmentWords(environment).word}
      frame={frame}
      onLayout={(layout, loads) => {
        const state = desk.workspaces.store.getState();
        const now = activeWorkspace(state);
        // Another workspace is shown by now: this is not its layout.
        if (now === undefined || shownWindow(state)?.id !== shown.window.id) return true;
        return desk.workspaces.change({
          type: 'SetLayout',
          workspace: now.id,
          window: shown.window.id,
          loads,
          layout,
        });
      }}
      onFocus={onFocus}
      onMenu={onMenu}
      onMore={onMore}
      watchInstrument={(panel, show) => watchInstrument(desk, panel, show)}
      watchCount={(panel, show) => watchCount(desk, panel, show)}
      watchMark={(panel, show) => desk.marks.watch(panel, show)}
      onInstrument={(panel, instrument) => showIn(desk, panel, instrument)}
      dropWords={(panel) => sendWords(desk, panel)}
      onDock={onDock}
    />
  );
}

function SpareWindow({ name }: { readonly name: string }): ReactNode {
  const desk = useDesk();
  const workspace = useWorkspaces(activeWorkspace);
  const open = useWorkspaces((state) => state.open);
  const free = workspace?.windows.filter(({ id }) => !open.includes(id)) ?? [];
  return (
    <main className="dock waiting" data-testid="spare-window">
      <Say
        icon="info"
        title={
          free.length === 0
            ? `Every window of ${name} is open elsewhere`
            : `This is no window of ${name}`
        }
        text="Close this one, or show a window of the workspace here."
      >
        {free.map((window) => (
          <button
            key={window.id}
            type="button"
            className="btn sm"
            onClick={() => desk.workspaces.showWindow(window.id)}
          >
            Show {window.title} here
          </button>
        ))}
        <button
          type="button"
          className="btn sm"
          onClick={() => desk.workspaces.showNewWindow(crypto.randomUUID())}
        >
          Add a window here
        </button>
        <button type="button" className="btn sm" onClick={() => desk.workspaces.windows.close()}>
          Close this one
        </button>
      </Say>
    </main>
  );
}

function EmptyWindow({ title }: { readonly title: string }): ReactNode {
  const { registry } = useCommands();
  return (
    <main className="dock waiting" data-testid="empty-window">
      <Say
        icon="plus"
        title={`${title} has no panels yet`}
        text="Add one here, or move one from another window with the menu on its tab."
      >
        <span className="add-panels">
          {PANELS.map((panel) => (
            <button
              key={panel.name}
              type="button"
              className="btn sm"
              onClick={() => registry.run(`dock.add.${panel.name}`)}
            >
              {panel.title}
            </button>
          ))}
        </span>
      </Say>
    </main>
  );
}
