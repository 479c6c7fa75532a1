/** A native study. A bar is a row of six numbers: opening in seconds, open, high, low, close, volume. */
export interface StudyCore {
  /** Values a bar. */
  outputs(): number;
  /** Counts the rows of `bars` and writes their values one row behind the other, NaN where there is none. */
  commit(bars: Float64Array, out: Float64Array): void;
  /** Writes the values that one more bar would have, and counts nothing. */
  peek(bar: Float64Array, out: Float64Array): void;
}

/** What the addon offers for studies. */
export interface StudyBinding {
  readonly StudyCore: new (kind: number, parameters: Float64Array) => StudyCore;
}
