import { plainNumber } from '../format/number-form.ts';

const COMPARISON = /^(<=|>=|<|>|=)\s*(\S+)$/;
const RANGE = /^(\S+?)\.\.(\S+)$/;

/** A shown number as a number; undefined when the text is none. */
function numberOf(text: string): number | undefined {
  const plain = plainNumber(text);
  return plain === undefined ? undefined : Number(plain);
}

function compared(value: number, sign: string, bound: number): boolean {
  switch (sign) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return value === bound;
  }
}

/**
 * The test of a cell that was typed over its column: words that it holds in any case, `!word` that it does not hold, and for
 * numbers `> 100`, `<= 5`, `= 3` or `10..20`. A comparison without a number passes nothing.
 */
export function filterOf(typed: string): (cell: string) => boolean {
  const filter = typed.trim();
  const [, sign, bound] = COMPARISON.exec(filter) ?? [];
  if (sign !== undefined && bound !== undefined) {
    const limit = numberOf(bound);
    if (limit === undefined) return () => false;
    return ofNumbers((value) => compared(value, sign, limit));
  }
  const [, from, to] = RANGE.exec(filter) ?? [];
  const least = from === undefined ? undefined : numberOf(from);
  const most = to === undefined ? undefined : numberOf(to);
  if (least !== undefined && most !== undefined) {
    return ofNumbers((value) => value >= least && value <= most);
  }
  const word = filter.toLowerCase();
  if (!word.startsWith('!')) return (cell) => cell.toLowerCase().includes(word);
  const without = word.slice(1).trim();
  return (cell) => !cell.toLowerCase().includes(without);
}

function ofNumbers(test: (value: number) => boolean): (cell: string) => boolean {
  return (cell) => {
    const value = numberOf(cell);
    return value !== undefined && test(value);
  };
}
