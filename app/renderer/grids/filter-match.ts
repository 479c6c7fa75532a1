const COMPARISON = /^(<=|>=|<|>|=)\s*(\S+)$/;
const RANGE = /^(\S+?)\.\.(\S+)$/;

/** A shown number as a number; undefined when the text is none. */
function numberOf(text: string): number | undefined {
  const plain = text.trim().replaceAll(',', '').replace('\u2212', '-');
  const value = Number(plain);
  return plain === '' || !Number.isFinite(value) ? undefined : value;
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
 * True when a cell passes what was typed over its column: words that it holds in any case, `!word` that it does not hold, and for
 * numbers `> 100`, `<= 5`, `= 3` or `10..20`. A comparison without a number passes nothing.
 */
export function matches(cell: string, typed: string): boolean {
  const filter = typed.trim();
  const [, sign, bound] = COMPARISON.exec(filter) ?? [];
  const [, from, to] = RANGE.exec(filter) ?? [];
  const value = numberOf(cell);
  if (sign !== undefined && bound !== undefined) {
    const limit = numberOf(bound);
    return limit !== undefined && value !== undefined && compared(value, sign, limit);
  }
  const least = from === undefined ? undefined : numberOf(from);
  const most = to === undefined ? undefined : numberOf(to);
  if (least !== undefined && most !== undefined) {
    return value !== undefined && value >= least && value <= most;
  }
  const text = cell.toLowerCase();
  if (filter.startsWith('!')) return !text.includes(filter.slice(1).trim().toLowerCase());
  return text.includes(filter.toLowerCase());
}
