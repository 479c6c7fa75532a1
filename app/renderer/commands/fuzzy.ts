/** Where a query was found in a text, and how well. */
export interface FuzzyMatch {
  readonly score: number;
  /** Indices of the matched characters, ascending. */
  readonly at: readonly number[];
}

const CHARACTER = 1;
const WORD_START = 6;
const NEXT_TO_LAST = 5;
const GAP = 1;
const MOST_GAP = 4;
/** Points a character of the query must earn on average: fewer are letters strewn over the text. */
const LEAST_A_CHARACTER = 2;

/** Finds every word of `query` in `text` as letters in order, not necessarily side by side; undefined when one is not there. Case does not matter. */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const at = new Set<number>();
  let score = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const found = matchWord(word, text);
    if (found === undefined) return undefined;
    score += found.score;
    for (const index of found.at) at.add(index);
  }
  return { score, at: [...at].toSorted((left, right) => left - right) };
}

interface Path {
  readonly score: number;
  readonly index: number;
  readonly before: Path | undefined;
}

function matchWord(word: string, text: string): FuzzyMatch | undefined {
  const lower = text.toLowerCase();
  // Lowering a letter may lengthen the text: then no index would be true.
  if (lower.length !== text.length) return undefined;
  let paths: readonly Path[] = [];
  for (const [order, letter] of word.split('').entries()) {
    const next: Path[] = [];
    for (let index = 0; index < lower.length; index += 1) {
      if (lower[index] !== letter) continue;
      const own = CHARACTER + (startsWord(text, index) ? WORD_START : 0);
      if (order === 0) {
        next.push({ score: own, index, before: undefined });
        continue;
      }
      const path = bestBefore(paths, index);
      if (path !== undefined) next.push({ score: path.score + own, index, before: path.before });
    }
    paths = next;
  }
  const best = paths.reduce<Path | undefined>(better, undefined);
  if (best === undefined || best.score < LEAST_A_CHARACTER * word.length) return undefined;
  return { score: best.score, at: indicesOf(best) };
}

/** The best way to come to `index`, with what the step itself costs or earns. */
function bestBefore(
  paths: readonly Path[],
  index: number,
): { readonly score: number; readonly before: Path } | undefined {
  let best: { readonly score: number; readonly before: Path } | undefined;
  for (const path of paths) {
    if (path.index >= index) break;
    const gap = index - path.index - 1;
    const step = gap === 0 ? NEXT_TO_LAST : -Math.min(MOST_GAP, gap * GAP);
    const score = path.score + step;
    if (best === undefined || score > best.score) best = { score, before: path };
  }
  return best;
}

function better(best: Path | undefined, path: Path): Path {
  return best === undefined || path.score > best.score ? path : best;
}

function indicesOf(path: Path): readonly number[] {
  const before = path.before === undefined ? [] : indicesOf(path.before);
  return [...before, path.index];
}

function startsWord(text: string, index: number): boolean {
  const before = text[index - 1];
  return before === undefined || !/[\p{L}\p{N}]/u.test(before);
}
