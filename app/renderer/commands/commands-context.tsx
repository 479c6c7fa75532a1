import { createContext, use, useLayoutEffect, type ReactNode } from 'react';
import { present } from '../../engine/base/invariant.ts';
import type { CommandRegistry, DeskCommand } from './command-registry.ts';
import type { DeskActions } from './desk-actions.ts';

/** What components use to act. */
export interface Commands {
  readonly registry: CommandRegistry;
  readonly actions: DeskActions;
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

/** Registers commands for as long as the component is mounted; `commands` must keep its identity. */
export function useRegister(commands: readonly DeskCommand[]): void {
  const { registry } = useCommands();
  // Commands of a panel that is replaced must be gone before its successor adds the same.
  useLayoutEffect(() => registry.register(commands), [registry, commands]);
}
