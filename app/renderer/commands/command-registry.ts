import { Listeners } from '../state/listeners.ts';
import { Bindings } from './bindings.ts';
import { chordOf, isControlChord, type KeyPress } from './key-press.ts';
import type { OrderPlan } from './order-plan.ts';

interface NamedCommand {
  readonly id: string;
  readonly title: string;
  /** Chords as `chordOf` names them; the first is shown. */
  readonly keys: readonly string[];
  /** `desk`: anywhere. Otherwise the panel that must hold the focus. */
  readonly scope: string;
}

/** A command that sends nothing to the market. */
export interface ViewCommand extends NamedCommand {
  readonly order: false;
  /** A held key runs it again and again. */
  readonly repeats?: true;
  readonly run: () => void;
}

/** A command that sends something to the market: a held key and a focused text field never do. */
export interface OrderCommand extends NamedCommand {
  /** `enters` may add risk and has the scope of a panel; `reduces` cancels or closes. */
  readonly order: 'enters' | 'reduces';
  /** What it would send now. Sends nothing by itself. */
  readonly plan: () => OrderPlan;
}

/** One action of the desk: menu, key, palette and button all run it by its id. */
export type DeskCommand = ViewCommand | OrderCommand;

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

/** An order key that was pressed and is not confirmed yet: nothing was sent. */
export interface DryRun {
  readonly command: OrderCommand;
  readonly chord: string;
}

/** All commands by id, and the one way from a key to a command. */
export class CommandRegistry {
  /** The keys of the commands. */
  readonly bindings = new Bindings();
  /** Told of each press of an order key that is a dry run. */
  readonly dryRuns = new Listeners<DryRun>();
  readonly #carryOut: (plan: OrderPlan) => void;
  /** Keys that went down and were not seen to come up. */
  readonly #down = new Set<string>();

  /** `carryOut` sends what an order command planned. */
  constructor(carryOut: (plan: OrderPlan) => void) {
    this.#carryOut = carryOut;
  }

  /** Adds commands of a panel (`holder` is its id) or of the desk; the returned function removes them. */
  register(commands: readonly DeskCommand[], holder = ''): () => void {
    this.bindings.add(commands, holder);
    return () => this.bindings.remove(commands, holder);
  }

  /** Runs a command by id; false when there is none. An order command goes the way of its key. */
  run(id: string): boolean {
    const command = this.bindings.get(id);
    if (command !== undefined) this.#do(command);
    return command !== undefined;
  }

  /** Runs the command bound to a key press, if it may run there; of an order key that is a dry run only tells. */
  press(press: KeyPress, place: KeyPlace): KeyOutcome {
    // Some systems repeat a held key without saying so: a key that is still down is held.
    const held = press.repeat || this.#down.has(keyOf(press));
    if (!press.repeat) this.#down.add(keyOf(press));
    if (place.inDialog) return 'ignored';
    const chord = chordOf(press);
    const bound = this.bindings.find(chord, place.panel);
    if (bound === undefined) return 'ignored';
    const { command, live } = bound;
    if (place.inTextField && (command.order !== false || !isControlChord(chord))) return 'ignored';
    if (held && !(command.order === false && command.repeats === true)) return 'swallowed';
    if (command.order !== false && !live) this.dryRuns.notify({ command, chord });
    else this.#do(command);
    return 'run';
  }

  /** A key came up. */
  release(press: Pick<KeyPress, 'key' | 'code'>): void {
    // macOS says nothing of keys that come up while Command is down.
    if (press.key === 'Meta') this.#down.clear();
    else this.#down.delete(keyOf(press));
  }

  /** Keys that come up from now on are not seen: the window lost the keyboard. */
  releaseAll(): void {
    this.#down.clear();
  }

  #do(command: DeskCommand): void {
    if (command.order === false) command.run();
    else this.#carryOut(command.plan());
  }
}

/** The physical key, or its name where the system does not say which it is. */
function keyOf({ code, key }: Pick<KeyPress, 'key' | 'code'>): string {
  return code === '' ? key : code;
}
