import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rng } from '../../app/engine/base/rng.ts';
import { CoveredCode, type CoverageProbe } from './coverage.ts';
import { inputFor } from './fuzz-inputs.ts';
import { checkAll, textOf, type Reader, type Watch } from './fuzz-reader.ts';

/** Inputs between two looks at what they covered: a look walks the whole heap and costs as much as hundreds of them. */
const LEAST_BATCH = 1_024;
/** What a batch grows to while inputs find nothing new. */
const LARGEST_BATCH = 16_384;
const MOST_KEPT = 500;
const LARGEST_KEPT = 2_048;

/** Tries inputs on one reader; one that runs code which no input ran before is kept and changed further. */
export class Fuzzer {
  readonly #reader: Reader;
  readonly #probe: CoverageProbe;
  readonly #folder: string;
  readonly #watch: Watch | undefined;
  #batch = LEAST_BATCH;
  readonly #corpus: string[];
  readonly #covered = new CoveredCode();
  inputs = 0;
  slowestMs = 0;

  /** `folder` keeps what earlier runs found, a file an input. */
  constructor(reader: Reader, probe: CoverageProbe, folder: string, watch?: Watch) {
    this.#reader = reader;
    this.#watch = watch;
    this.#probe = probe;
    this.#folder = join(folder, reader.name.replaceAll(/[^a-zA-Z]+/g, '-').toLowerCase());
    const files = existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
    const kept = files.map((file) => readFileSync(join(this.#folder, file), 'utf8'));
    this.#corpus = [...reader.examples, ...kept];
    probe.take();
    this.#covered.add(this.#ranBy(this.#corpus.map((text) => Buffer.from(text))));
  }

  /** Characters of source that some input ran. */
  get covered(): number {
    return this.#covered.characters;
  }

  get corpus(): number {
    return this.#corpus.length;
  }

  /** Tries a batch. */
  run(rng: Rng): void {
    const length = this.#batch;
    const batch = Array.from({ length }, () => inputFor(rng, this.#corpus));
    this.inputs += length;
    const ran = this.#ranBy(batch);
    const fresh = this.#covered.lacks(ran);
    if (fresh) this.#search(batch);
    // What no input runs alone is not looked for again.
    if (fresh) this.#covered.add(ran);
    this.#batch = fresh ? LEAST_BATCH : Math.min(LARGEST_BATCH, this.#batch * 2);
  }

  /** Writes what was found beyond the examples where the next run finds it. */
  save(): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const text of this.#corpus.slice(this.#reader.examples.length)) {
      const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
      writeFileSync(join(this.#folder, name), text);
    }
  }

  #ranBy(inputs: readonly Buffer[]): ReturnType<CoverageProbe['take']> {
    this.slowestMs = Math.max(this.slowestMs, checkAll(this.#reader, inputs, this.#watch));
    return this.#probe.take();
  }

  #isFresh(inputs: readonly Buffer[]): boolean {
    return this.#covered.lacks(this.#ranBy(inputs));
  }

  /** Finds the inputs of a batch that run something new, by halves. */
  #search(inputs: readonly Buffer[]): void {
    const [only, another] = inputs;
    if (only === undefined) return;
    if (another === undefined) {
      this.#covered.add(this.#ranBy(inputs));
      this.#keep(only);
      return;
    }
    const middle = inputs.length >> 1;
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      if (this.#isFresh(half)) this.#search(half);
    }
  }

  #keep(bytes: Buffer): void {
    const text = textOf(bytes);
    if (bytes.length > LARGEST_KEPT || this.#corpus.length >= MOST_KEPT) return;
    if (!this.#corpus.includes(text)) this.#corpus.push(text);
  }
}
