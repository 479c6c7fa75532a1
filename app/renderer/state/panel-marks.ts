import { Listeners } from './listeners.ts';

/** Words that panels put on their own tabs while something holds of them that must not be overlooked. */
export class PanelMarks {
  readonly #marks = new Map<string, string>();
  readonly #changed = new Listeners<string>();

  /** Puts a word on the tab of a panel; undefined takes it away. */
  set(panel: string, word: string | undefined): void {
    if (word === undefined) this.#marks.delete(panel);
    else this.#marks.set(panel, word);
    this.#changed.notify(panel);
  }

  /** Tells the word of a panel, now and whenever it is another, until the returned function is called. */
  watch(panel: string, show: (word: string | undefined) => void): () => void {
    show(this.#marks.get(panel));
    return this.#changed.add((changed) => {
      if (changed === panel) show(this.#marks.get(panel));
    });
  }
}
