import {
  createContext,
  use,
  useCallback,
  useLayoutEffect,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { present } from '../../engine/base/invariant.ts';
import { usePanelPlace } from '../state/panel-place.tsx';
import type { ArmingWatch } from './arming-watch.ts';
import type { BindingsState } from './bindings.ts';
import type { CommandRegistry, DeskCommand } from './command-registry.ts';
import type { DeskActions } from './desk-actions.ts';
import type { KeyKeeper } from './key-keeper.ts';

/** What components use to act. */
export interface Commands {
  readonly registry: CommandRegistry;
  readonly actions: DeskActions;
  readonly keys: KeyKeeper;
  readonly arming: ArmingWatch;
}

const CommandsContext = createContext<Commands | undefined>(undefined);

/** Gives the commands to the components below. */
export function CommandsProvider({
  commands,
  children,
}: {
  readonly commands: Commands;
  readonly children: ReactNode;
}): ReactNode {
  return <CommandsContext value={commands}>{children}</CommandsContext>;
}

/** The commands of this window. */
export function useCommands(): Commands {
  return present(use(CommandsContext), 'commands');
}

/** The keys as they are now; renders when they change. */
export function useBindings(): BindingsState {
  const { bindings } = useCommands().registry;
  return useSyncExternalStore(
    useCallback((listener) => bindings.subscribe(listener), [bindings]),
    () => bindings.state,
  );
}

/** The chord shown beside a command; undefined while it has none. */
export function useKeyOf(id: string): string | undefined {
  const { bindings } = useCommands().registry;
  return useSyncExternalStore(
    useCallback((listener) => bindings.subscribe(listener), [bindings]),
    () => bindings.state.chords.get(id)?.[0],
  );
}

/** Registers commands for as long as the component is mounted; `commands` must keep its identity. */
export function useRegister(commands: readonly DeskCommand[]): void {
  const { registry } = useCommands();
  const holder = usePanelPlace()?.id;
  // Commands of a panel that is replaced must be gone before its successor adds the same.
  useLayoutEffect(() => registry.register(commands, holder), [registry, commands, holder]);
}
