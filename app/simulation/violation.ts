/** Something that must never be, and was. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** What did not hold, the same for every place where it does not. */
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.rule = rule;
  }
}

/** Throws a violation of `rule` unless `condition` holds. */
export function must(condition: boolean, rule: string, detail: () => string): asserts condition {
  if (!condition) throw new Violation(rule, detail());
}
