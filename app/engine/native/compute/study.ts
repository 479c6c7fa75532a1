import { invariant } from '../../base/invariant.ts';
import { checkedStudy, STUDY_KINDS, type StudySpec } from '../../domain/study.ts';
import { addon } from '../addon.mjs';
import type { StudyCore } from './study-binding.ts';

/** Numbers of a bar in a row: opening in seconds since the epoch, open, high, low, close, volume. */
export const STUDY_BAR_FIELDS = 6;

/** One study over bars, oldest first, computed natively. Values are in the units of the bars; NaN is none. */
export class StudyRun {
  /** Values a bar. */
  readonly outputs: number;
  readonly #core: StudyCore;

  /** `spec` must be one that `checkedStudy` takes. */
  constructor(spec: StudySpec) {
    const checked = checkedStudy(spec);
    invariant(checked.ok, checked.ok ? '' : checked.error.message);
    this.#core = new addon.StudyCore(
      STUDY_KINDS.indexOf(spec.kind),
      Float64Array.from(spec.parameters),
    );
    this.outputs = this.#core.outputs();
  }

  /** Counts whole bars; gives their values, a row each. */
  commit(bars: Float64Array): Float64Array {
    invariant(bars.length % STUDY_BAR_FIELDS === 0, `rows of six, were ${bars.length} numbers`);
    const out = new Float64Array((bars.length / STUDY_BAR_FIELDS) * this.outputs);
    this.#core.commit(bars, out);
    return out;
  }

  /** The values of one more bar, which is not counted: it is still being built. */
  peek(bar: Float64Array): Float64Array {
    invariant(bar.length === STUDY_BAR_FIELDS, `a row of six, was ${bar.length} numbers`);
    const out = new Float64Array(this.outputs);
    this.#core.peek(bar, out);
    return out;
  }
}
