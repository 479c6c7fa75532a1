/** A set of callbacks of one kind. */
export class Listeners<T> {
  readonly #callbacks = new Set<(value: T) => void>();

  /** Adds a callback; the returned function removes it. */
  add(callback: (value: T) => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** How many there are. */
  get size(): number {
    return this.#callbacks.size;
  }

  /** Calls every callback in the order they were added. */
  notify(value: T): void {
    for (const callback of this.#callbacks) callback(value);
  }
}
