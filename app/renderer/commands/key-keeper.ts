import type { Desk } from '../state/desk.tsx';
import type { Bindings } from './bindings.ts';
import { keyMapOf, keyPartOf } from './key-file.ts';
import type { KeyMap } from './key-map.ts';

/** Keeps the key map in the desk's document, and takes the one that another window saved. */
export class KeyKeeper {
  readonly #desk: Desk;
  readonly #bindings: Bindings;
  /** The part of the document that was taken or saved last. */
  #seen: string | undefined;

  constructor(desk: Desk, bindings: Bindings) {
    this.#desk = desk;
    this.#bindings = bindings;
    desk.workspaces.store.subscribe(() => this.#take());
  }

  /** Takes a map that the trader made, and saves it. */
  change(map: KeyMap): void {
    const keys = keyPartOf(map);
    this.#seen = JSON.stringify(keys);
    this.#bindings.setMap(map);
    this.#desk.workspaces.setPart('keys', keys);
  }

  #take(): void {
    const { workspaces } = this.#desk;
    const { document } = workspaces.store.getState();
    // A document without this window's last change would undo it.
    if (document === undefined || workspaces.pending) return;
    const part = JSON.stringify(document.parts['keys']);
    if (part === this.#seen) return;
    this.#seen = part;
    const read = keyMapOf(document.parts);
    if (read.ok) {
      this.#bindings.setMap(read.value);
      return;
    }
    const text = `${read.error.message}; the standard keys hold`;
    this.#desk.notices.raise('warning', 'Keys not restored', text);
  }
}
