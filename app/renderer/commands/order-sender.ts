import type { CommandResult, WindowCommand } from '../../engine/domain/command.ts';

/** Sends commands so that one stroke is one command: a fresh idempotency key each, and nothing more through a lock until it is answered. */
export class OrderSender {
  readonly #execute: (commandId: string, command: WindowCommand) => Promise<CommandResult>;
  readonly #newId: () => string;
  readonly #locks = new Set<string>();

  constructor(
    execute: (commandId: string, command: WindowCommand) => Promise<CommandResult>,
    newId: () => string = () => crypto.randomUUID(),
  ) {
    this.#execute = execute;
    this.#newId = newId;
  }

  /** True while a command sent through `lock` has no answer. */
  busy(lock: string): boolean {
    return this.#locks.has(lock);
  }

  /** Sends through `lock`; undefined, and nothing sent, while an earlier one is unanswered. The lock closes before this returns. */
  send(lock: string, command: WindowCommand): Promise<CommandResult> | undefined {
    if (this.#locks.has(lock)) return undefined;
    this.#locks.add(lock);
    return this.#execute(this.#newId(), command).finally(() => this.#locks.delete(lock));
  }
}
