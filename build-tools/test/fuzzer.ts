import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rng } from '../../app/engine/base/rng.ts';
import { CoveredCode, type CoverageProbe } from './coverage.ts';
import { assertPrototypesUntouched } from './seeds.ts';

/** Something that reads what came from outside, and what it normally reads. */
export interface Reader {
  readonly name: string;
  readonly examples: readonly string[];
  read(bytes: Uint8Array): void;
}

/** Bytes as text, whatever they are. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

const PIECES = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', '9', 'e', ' ', '\n', '\u0000', 'é', '🂡'],
  ...['null', 'true', '1e400', '-0', '1e-400', '""', '[]', '{}', '//', '/*', '=', '%', '+', '@'],
  ...['"__proto__":{"polluted":1},', '"constructor":{"prototype":{"polluted":1}},', '__proto__'],
  ...['99999999999999999999', '9007199254740993', '0.000000000000000000001', '-1n', '"5n"'],
];
const BOMBS = [
  ...['[', '{"a":', '{"__proto__":', ' ', '9', '"', '0.', 'b 1 ', '//', '\\u0000', '(', '=', 'é'],
];

function spoilt(rng: Rng, example: string, other: string): Buffer {
  let text = example;
  for (let times = 1 + rng.nextBelow(4); times > 0; times -= 1) {
    const at = rng.nextBelow(text.length + 1);
    const piece = PIECES[rng.nextBelow(PIECES.length)] ?? '';
    const cut = rng.nextBelow(12);
    const kinds = [
      text.slice(0, at) + piece + text.slice(at),
      text.slice(0, at) + piece + text.slice(at + piece.length),
      text.slice(0, at) + text.slice(at + cut),
      text.slice(0, at) + text.slice(Math.max(0, at - cut)),
      text.slice(0, at) + other.slice(rng.nextBelow(other.length + 1)),
      text.replaceAll(/"[^"]*"/g, (word) => (rng.nextBelow(25) === 0 ? piece : word)),
      text.slice(0, at),
    ];
    text = kinds[rng.nextBelow(kinds.length)] ?? '';
  }
  const bytes = Buffer.from(text);
  if (rng.nextBelow(8) === 0 && bytes.length > 0) {
    bytes[rng.nextBelow(bytes.length)] = rng.nextBelow(256);
  }
  return bytes;
}

function inputFor(rng: Rng, examples: readonly string[]): Buffer {
  const example = examples[rng.nextBelow(examples.length)] ?? '';
  const other = examples[rng.nextBelow(examples.length)] ?? '';
  switch (rng.nextBelow(256)) {
    case 0:
      return Buffer.from(Array.from({ length: rng.nextBelow(200) }, () => rng.nextBelow(256)));
    case 1: {
      const bomb = BOMBS[rng.nextBelow(BOMBS.length)] ?? '';
      const at = rng.nextBelow(example.length + 1);
      const many = bomb.repeat(1 << rng.nextBelow(16));
      return Buffer.from(example.slice(0, at) + many + example.slice(at));
    }
    case 2: {
      const [open, close] = rng.nextBelow(2) === 0 ? ['[', ']'] : ['{"a":', '}'];
      const depth = 1 << rng.nextBelow(16);
      const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
      return Buffer.from(example.replace(/:\s*(?:"[^"]*"|\d+)/, `:${nested}`));
    }
    default:
      return spoilt(rng, example, other);
  }
}

function shown(bytes: Uint8Array): string {
  const text = JSON.stringify(textOf(bytes));
  return text.length > 600 ? `${text.slice(0, 600)}… (${bytes.length} bytes)` : text;
}

/** Reads; an exception or a changed prototype is told with the reader and what it read. */
export function check({ name, read }: Pick<Reader, 'name' | 'read'>, bytes: Uint8Array): void {
  try {
    read(bytes);
    assertPrototypesUntouched();
  } catch (error) {
    throw new Error(`${name} of ${shown(bytes)}: ${String(error)}`, { cause: error });
  }
}

/** Inputs between two looks at what they covered: a look walks the whole heap and costs as much as hundreds of them. */
const BATCH = 1_024;
const MOST_KEPT = 500;
const LARGEST_KEPT = 2_048;

/** Tries inputs on one reader; one that runs code which no input ran before is kept and changed further. */
export class Fuzzer {
  readonly #reader: Reader;
  readonly #probe: CoverageProbe;
  readonly #folder: string;
  readonly #corpus: string[];
  readonly #covered = new CoveredCode();
  inputs = 0;
  slowestMs = 0;

  /** `folder` keeps what earlier runs found, a file an input. */
  constructor(reader: Reader, probe: CoverageProbe, folder: string) {
    this.#reader = reader;
    this.#probe = probe;
    this.#folder = join(folder, reader.name.replaceAll(/[^a-zA-Z]+/g, '-').toLowerCase());
    const files = existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
    const kept = files.map((file) => readFileSync(join(this.#folder, file), 'utf8'));
    this.#corpus = [...reader.examples, ...kept];
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
    const batch = Array.from({ length: BATCH }, () => inputFor(rng, this.#corpus));
    this.inputs += batch.length;
    if (this.#isFresh(batch)) this.#search(batch);
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
    this.#probe.take();
    for (const bytes of inputs) {
      const begun = performance.now();
      check(this.#reader, bytes);
      this.slowestMs = Math.max(this.slowestMs, performance.now() - begun);
    }
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
