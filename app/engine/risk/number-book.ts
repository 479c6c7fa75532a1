import { invariant } from '../base/invariant.ts';

/** Numbers names from 1 in the order they are first seen. */
export class NumberBook<Name extends string> {
  readonly #numbers = new Map<Name, number>();

  constructor(names: readonly Name[] = []) {
    for (const name of names) this.#numbers.set(name, this.#numbers.size + 1);
  }

  /** The number of a name, or undefined when it was never seen. */
  find(name: Name): number | undefined {
    return this.#numbers.get(name);
  }

  /** The number of a name, given now when it is new. */
  number(name: Name): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const next = this.#numbers.size + 1;
    invariant(next <= 4095, `at most 4095 names can be numbered, ${name} is one more`);
    this.#numbers.set(name, next);
    return next;
  }

  /** Every name, by number. */
  names(): Name[] {
    return [...this.#numbers.keys()];
  }
}
