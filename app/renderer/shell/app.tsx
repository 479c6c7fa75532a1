import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { CommandsProvider, type Commands } from '../commands/commands-context.tsx';
import { DeskProvider, useDesk, useHost, useLinkedInstrument, type Desk } from '../state/desk.tsx';
import type { Panel } from '../state/workspaces.ts';
import type { PanelDefinition } from '../workspace/panel-registry.ts';
import { announceUpdates } from './announce.ts';
import { serveDesktop } from './desktop.ts';
import { soundNotices } from './sounds.ts';
import { Banners } from './banners.tsx';
import { deskCommands } from './desk-commands.ts';
import { environmentWords, windowTitle } from './environment-words.ts';
import { HelpDialog } from './help/help-dialog.tsx';
import { DryRuns } from './keys/dry-runs.tsx';
import { KeyEditor } from './keys/key-editor.tsx';
import { KeySheet } from './keys/key-sheet.tsx';
import { KillDialog } from './dialogs/kill-dialog.tsx';
import { PANELS } from './panels.ts';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';
import { Toasts } from './toasts.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { dragFromCells } from './workspaces/drag-from-cells.ts';
import { useWorkspaceShell } from './workspaces/use-workspace-shell.tsx';
import { WorkspaceArea } from './workspaces/workspace-area.tsx';
import './shell.css';

/** The window. */
export function App({
  desk,
  commands,
}: {
  readonly desk: Desk;
  readonly commands: Commands;
}): ReactNode {
  const frame = useCallback(
    (content: ReactNode, panel: Panel) => (
      // A panel's own link: what it follows and tells.
      <DeskProvider desk={{ ...desk, link: desk.links.panel(panel.id) }}>
        <CommandsProvider commands={commands}>{content}</CommandsProvider>
      </DeskProvider>
    ),
    [desk, commands],
  );
  return (
    <DeskProvider desk={desk}>
      <CommandsProvider commands={commands}>
        <Window commands={commands} frame={frame} />
      </CommandsProvider>
    </DeskProvider>
  );
}

type Overlay = 'none' | 'kill' | 'help' | 'keys' | 'edit-keys';

function Window({
  commands,
  frame,
}: {
  readonly commands: Commands;
  readonly frame: (content: ReactNode, panel: Panel) => ReactNode;
}): ReactNode {
  const desk = useDesk();
  const orderLine = useRef<HTMLInputElement>(null);
  const accounts = useRef<HTMLButtonElement>(null);
  const [overlay, setOverlay] = useState<Overlay>('none');
  const [topic, setTopic] = useState<PanelDefinition>();
  const workspace = useWorkspaceShell();
  const { goTo } = workspace;
  useEffect(() => {
    const shell = {
      onOrderLine: () => orderLine.current?.focus(),
      onKill: () => setOverlay('kill'),
      onAccounts: () => accounts.current?.click(),
      onHelp: () => {
        setTopic(focusedPanel());
        setOverlay((now) => (now === 'help' ? 'none' : 'help'));
      },
      onKeys: () => setOverlay((now) => (now === 'keys' ? 'none' : 'keys')),
      onEditKeys: () => setOverlay('edit-keys'),
      onPanel: goTo,
    };
    return commands.registry.register(deskCommands(desk, commands.actions, shell, PANELS));
  }, [desk, commands, goTo]);
  useEffect(() => announceUpdates(desk), [desk]);
  useEffect(() => soundNotices(desk), [desk]);
  useEffect(() => dragFromCells(desk), [desk]);
  useEffect(() => serveDesktop(desk, commands.registry), [desk, commands]);
  useDeskKeys(commands.registry);
  useEnvironment();
  const onKill = (): void => setOverlay('kill');
  const close = (): void => setOverlay('none');
  return (
    <div className="desk">
      <TitleBar orderLine={orderLine} menu={workspace.menu} accounts={accounts} onKill={onKill} />
      <Banners />
      <WorkspaceArea
        frame={frame}
        onDock={workspace.onDock}
        onFocus={workspace.onFocus}
        onMenu={workspace.onMenu}
        onMore={workspace.onMore}
      />
      <StatusBar onKeys={() => setOverlay('keys')} onHealth={() => goTo('health')} />
      <Toasts onReceipt={onKill} />
      {workspace.overlay}
      {overlay === 'kill' && <KillDialog onClose={close} />}
      {overlay === 'help' && <HelpDialog topic={topic} onClose={close} />}
      {overlay === 'keys' && <KeySheet onClose={close} onEdit={() => setOverlay('edit-keys')} />}
      {overlay === 'edit-keys' && <KeyEditor onClose={close} />}
      <DryRuns />
    </div>
  );
}

function focusedPanel(): PanelDefinition | undefined {
  const name = document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset['panel'];
  return PANELS.find((panel) => panel.name === name);
}

function useEnvironment(): void {
  const environment = useHost((state) => state.environment);
  const title = useHost((state) => state.title);
  const symbol = useLinkedInstrument()?.symbol;
  useEffect(() => {
    document.title = windowTitle(environment, title, symbol);
    const { dataset } = document.documentElement;
    if (environment === undefined) return;
    dataset['mode'] = environmentWords(environment).mode;
    dataset['environment'] = environment;
  }, [environment, title, symbol]);
}
