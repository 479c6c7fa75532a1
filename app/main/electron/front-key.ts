import { globalShortcut } from 'electron';
import type { LogBook } from '../host/log-book.ts';

/** The one key of the desk that works in every program: it brings the desk to the front and does nothing else. */
export class FrontKey {
  readonly #log: LogBook['log'];
  readonly #onPress: () => void;
  #key = '';

  constructor(log: LogBook['log'], onPress: () => void) {
    this.#log = log;
    this.#onPress = onPress;
  }

  /** Takes `key`, as Electron's accelerators are written, in place of the one before; an empty text takes none. */
  take(key: string): void {
    if (key === this.#key) return;
    if (this.#key !== '') globalShortcut.unregister(this.#key);
    this.#key = '';
    if (key === '') return;
    if (globalShortcut.register(key, this.#onPress)) {
      this.#key = key;
      this.#log.info('desk', 'FRONT_KEY_TAKEN', `${key} brings the desk to the front`);
      return;
    }
    // The system does not say who: another program, or the system itself.
    const text = `${key} is not to be had here: another program may have it`;
    this.#log.warn('desk', 'FRONT_KEY_REFUSED', text);
  }
}
