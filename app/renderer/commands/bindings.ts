import { invariant } from '../../engine/base/invariant.ts';
import { Listeners } from '../state/listeners.ts';
import type { DeskCommand } from './command-registry.ts';
import { isLive, resolveKeys, STANDARD_MAP, type KeyMap } from './key-map.ts';

/** The keys as they are now: replaced, never changed. */
export interface BindingsState {
  readonly map: KeyMap;
  readonly commands: readonly DeskCommand[];
  /** By command id. */
  readonly chords: ReadonlyMap<string, readonly string[]>;
}

/** A command and the panel that added it; '' for the desk itself. */
interface Registered {
  readonly command: DeskCommand;
  readonly holder: string;
}

/** The commands of a window and the keys that the active map gives them. */
export class Bindings {
  /** Several panels of a type hold the same ids, each for itself. */
  readonly #commands = new Map<string, readonly Registered[]>();
  readonly #changed = new Listeners<BindingsState>();
  #preferred = '';
  #map = STANDARD_MAP;
  #state: BindingsState | undefined;

  /** Adds commands of a panel or of the desk. A second command of an id by one holder, two own keys of one scope, or an order entered from anywhere are bugs. */
  add(commands: readonly DeskCommand[], holder: string): void {
    for (const command of commands) {
      const { id, keys, order, scope } = command;
      const others = this.#commands.get(id) ?? [];
      invariant(
        !others.some((other) => other.holder === holder || other.command.scope === 'desk'),
        `command ${id} is registered twice`,
      );
      invariant(order !== 'enters' || scope !== 'desk', `${id} would enter orders from anywhere`);
      for (const [other] of this.#commands.values()) {
        if (other === undefined || other.command.id === id || other.command.scope !== scope) {
          continue;
        }
        const chord = other.command.keys.find((each) => keys.includes(each));
        invariant(chord === undefined, `${chord} is bound to ${other.command.id} and ${id}`);
      }
      this.#commands.set(id, [...others, { command, holder }]);
    }
    this.#changedNow();
  }

  remove(commands: readonly DeskCommand[], holder: string): void {
    for (const { id } of commands) {
      const left = this.#commands.get(id)?.filter((one) => one.holder !== holder) ?? [];
      if (left.length === 0) this.#commands.delete(id);
      else this.#commands.set(id, left);
    }
    this.#changedNow();
  }

  /** The panel that had the focus last: of several that hold a command, it runs it. */
  prefer(holder: string): void {
    this.#preferred = holder;
    if ([...this.#commands.values()].some((held) => held.length > 1)) this.#changedNow();
  }

  get(id: string): DeskCommand | undefined {
    const held = this.#commands.get(id);
    return held && this.#chosen(held);
  }

  /** The keys now; the same object until they change. */
  get state(): BindingsState {
    this.#state ??= this.#resolve();
    return this.#state;
  }

  /** Takes another map. */
  setMap(map: KeyMap): void {
    this.#map = map;
    this.#changedNow();
  }

  /** Calls `listener` after every change of commands or map; the returned function ends it. */
  subscribe(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** The command that a chord means in a panel, and whether it does what it says or is a dry run. */
  find(
    chord: string,
    panel: string | undefined,
  ): { readonly command: DeskCommand; readonly live: boolean } | undefined {
    const { map, commands, chords } = this.state;
    const bound = commands.filter(({ id }) => chords.get(id)?.includes(chord) === true);
    const command =
      bound.find(({ scope }) => scope === panel) ?? bound.find(({ scope }) => scope === 'desk');
    return command && { command, live: isLive(command, chord, map) };
  }

  #resolve(): BindingsState {
    const commands = [...this.#commands.values()].flatMap((held) => this.#chosen(held) ?? []);
    return { map: this.#map, commands, chords: resolveKeys(commands, this.#map) };
  }

  #chosen(held: readonly Registered[]): DeskCommand | undefined {
    return (held.find(({ holder }) => holder === this.#preferred) ?? held[0])?.command;
  }

  #changedNow(): void {
    this.#state = undefined;
    this.#changed.notify(this.state);
  }
}
