import type { WindowCommand } from '../../engine/domain/command.ts';

/** One command that an order key would send. */
export interface PlannedCommand {
  /** Nothing more goes through this lock until the command is answered. */
  readonly lock: string;
  readonly command: WindowCommand;
  /** Title of the notice when it is refused. */
  readonly refused: string;
}

/** What an order command would send here and now, or why it would send nothing. */
export type OrderPlan =
  | { readonly kind: 'send'; readonly commands: readonly PlannedCommand[] }
  | { readonly kind: 'nothing'; readonly reason: string };

/** A plan that sends `commands`; `otherwise` says why there are none. */
export function sends(commands: readonly PlannedCommand[], otherwise: string): OrderPlan {
  return commands.length === 0 ? nothing(otherwise) : { kind: 'send', commands };
}

/** A plan that sends nothing. */
export function nothing(reason: string): OrderPlan {
  return { kind: 'nothing', reason };
}
