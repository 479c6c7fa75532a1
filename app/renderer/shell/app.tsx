import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { CommandsProvider, type Commands } from '../commands/commands-context.tsx';
import { DeskProvider, useDesk, useHost, useLinkedInstrument, type Desk } from '../state/desk.tsx';
import { Say } from '../ui/controls.tsx';
import { Dock, type DockHandle } from '../workspace/dock.tsx';
import { announceUpdates } from './announce.ts';
import { soundNotices } from './sounds.ts';
import { Banners } from './banners.tsx';
import { deskCommands } from './desk-commands.ts';
import { environmentWords, windowTitle } from './environment-words.ts';
import { DryRuns } from './keys/dry-runs.tsx';
import { KeyEditor } from './keys/key-editor.tsx';
import { KeySheet } from './keys/key-sheet.tsx';
import { KillDialog } from './dialogs/kill-dialog.tsx';
import { PANELS } from './panels.ts';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';
import { Toasts } from './toasts.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
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
    (panel: ReactNode) => (
      <DeskProvider desk={desk}>
        <CommandsProvider commands={commands}>{panel}</CommandsProvider>
      </DeskProvider>
    ),
    [desk, commands],
  );
  return frame(<Window commands={commands} frame={frame} />);
}

type Overlay = 'none' | 'kill' | 'keys' | 'edit-keys';

function Window({
  commands,
  frame,
}: {
  readonly commands: Commands;
  readonly frame: (panel: ReactNode) => ReactNode;
}): ReactNode {
  const desk = useDesk();
  const orderLine = useRef<HTMLInputElement>(null);
  const dock = useRef<DockHandle>(undefined);
  const [overlay, setOverlay] = useState<Overlay>('none');
  useEffect(() => {
    const shell = {
      onOrderLine: () => orderLine.current?.focus(),
      onKill: () => setOverlay('kill'),
      onKeys: () => setOverlay((now) => (now === 'keys' ? 'none' : 'keys')),
      onEditKeys: () => setOverlay('edit-keys'),
      onPanel: (name: string) => dock.current?.focusPanel(name),
      onResetLayout: () => dock.current?.reset(),
    };
    return commands.registry.register(deskCommands(desk, commands.actions, shell, PANELS));
  }, [desk, commands]);
  useEffect(() => announceUpdates(desk), [desk]);
  useEffect(() => soundNotices(desk), [desk]);
  useDeskKeys(commands.registry);
  useEnvironment();
  const onKill = (): void => setOverlay('kill');
  const close = (): void => setOverlay('none');
  return (
    <div className="desk">
      <TitleBar orderLine={orderLine} onKill={onKill} />
      <Banners />
      <Workspace
        frame={frame}
        onDock={(handle) => {
          dock.current = handle;
        }}
      />
      <StatusBar
        onKeys={() => setOverlay('keys')}
        onHealth={() => dock.current?.focusPanel('health')}
      />
      <Toasts onReceipt={onKill} />
      {overlay === 'kill' && <KillDialog onClose={close} />}
      {overlay === 'keys' && <KeySheet onClose={close} onEdit={() => setOverlay('edit-keys')} />}
      {overlay === 'edit-keys' && <KeyEditor onClose={close} />}
      <DryRuns />
    </div>
  );
}

function Workspace({
  frame,
  onDock,
}: {
  readonly frame: (panel: ReactNode) => ReactNode;
  readonly onDock: (handle: DockHandle) => void;
}): ReactNode {
  const desk = useDesk();
  const workspace = useHost((state) => state.workspace);
  const environment = useHost((state) => state.environment);
  const settings = useHost((state) => state.settings);
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
  return (
    <Dock
      panels={PANELS}
      document={workspace.document}
      simulation={environmentWords(environment).word}
      frame={frame}
      onDocument={(document) => desk.host.saveWorkspace(document)}
      onUnreadable={(message) => desk.notices.raise('warning', 'Layout not restored', message)}
      onDock={onDock}
    />
  );
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
