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

/** The commands of a window and the keys that the active map gives them. */
export class Bindings {
  readonly #commands = new Map<string, DeskCommand>();
  readonly #changed = new Listeners<BindingsState>();
  #map = STANDARD_MAP;
  #state: BindingsState | undefined;

  /** Adds commands. A second command of an id, two own keys of one scope, or an order entered from anywhere are bugs. */
  add(commands: readonly DeskCommand[]): void {
    for (const command of commands) {
      const { id, keys, order, scope } = command;
      invariant(!this.#commands.has(id), `command ${id} is registered twice`);
      invariant(order !== 'enters' || scope !== 'desk', `${id} would enter orders from anywhere`);
      for (const other of this.#commands.values()) {
        const chord = other.scope === scope && other.keys.find((each) => keys.includes(each));
        invariant(typeof chord !== 'string', `${chord} is bound to ${other.id} and ${id}`);
      }
      this.#commands.set(id, command);
    }
    this.#changedNow();
  }

  remove(commands: readonly DeskCommand[]): void {
    for (const { id } of commands) this.#commands.delete(id);
    this.#changedNow();
  }

  get(id: string): DeskCommand | undefined {
    return this.#commands.get(id);
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
    const commands = [...this.#commands.values()];
    return { map: this.#map, commands, chords: resolveKeys(commands, this.#map) };
  }

  #changedNow(): void {
    this.#state = undefined;
    this.#changed.notify(this.state);
  }
}
