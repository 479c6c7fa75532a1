import { invariant } from '../../engine/base/invariant.ts';
import { chordOf, isControlChord, type KeyPress } from './key-press.ts';

/** One action of the desk: menu, key, palette and button all run it by its id. */
export interface DeskCommand {
  readonly id: string;
  readonly title: string;
  /** Chords as `chordOf` names them; the first is shown. */
  readonly keys: readonly string[];
  /** `desk`: anywhere. Otherwise the panel that must hold the focus. */
  readonly scope: string;
  /** True when running it sends something to the market: a held key and a focused text field never do. */
  readonly order: boolean;
  readonly run: () => void;
}

/** Where a key was pressed. */
export interface KeyPlace {
  /** The panel that holds the focus. */
  readonly panel: string | undefined;
  readonly inTextField: boolean;
  /** A dialog is open: only its own keys work. */
  readonly inDialog: boolean;
}

/** What became of a key: `run` and `swallowed` must not reach the browser. */
export type KeyOutcome = 'run' | 'swallowed' | 'ignored';

/** All commands by id, and the one way from a key to a command. */
export class CommandRegistry {
  readonly #commands = new Map<string, DeskCommand>();

  /** Adds commands; the returned function removes them. A second command of an id, or of a chord in a scope, is a bug. */
  register(commands: readonly DeskCommand[]): () => void {
    for (const command of commands) {
      invariant(!this.#commands.has(command.id), `command ${command.id} is registered twice`);
      for (const chord of command.keys) {
        const other = this.#find(chord, command.scope);
        invariant(
          other?.scope !== command.scope,
          `${chord} is bound to ${other?.id} and ${command.id}`,
        );
      }
      this.#commands.set(command.id, command);
    }
    return () => {
      for (const command of commands) this.#commands.delete(command.id);
    };
  }

  /** Every command, in the order of registration. */
  list(): readonly DeskCommand[] {
    return [...this.#commands.values()];
  }

  /** Runs a command by id; false when there is none. */
  run(id: string): boolean {
    const command = this.#commands.get(id);
    command?.run();
    return command !== undefined;
  }

  /** The chord shown beside a command. */
  keyOf(id: string): string | undefined {
    return this.#commands.get(id)?.keys[0];
  }

  /** Runs the command bound to a key press, if it may run there. */
  press(press: KeyPress, place: KeyPlace): KeyOutcome {
    if (place.inDialog) return 'ignored';
    const chord = chordOf(press);
    const command = this.#find(chord, place.panel);
    if (command === undefined) return 'ignored';
    if (place.inTextField && (command.order || !isControlChord(chord))) return 'ignored';
    if (press.repeat && command.order) return 'swallowed';
    command.run();
    return 'run';
  }

  #find(chord: string, panel: string | undefined): DeskCommand | undefined {
    const bound = this.list().filter((command) => command.keys.includes(chord));
    return (
      bound.find((command) => command.scope === panel) ??
      bound.find((command) => command.scope === 'desk')
    );
  }
}
