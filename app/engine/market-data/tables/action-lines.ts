import type { CorporateAction, Ratio } from '../../domain/corporate-action.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { dayAfter } from '../../calendars/zone-time.ts';

/** A line that is none. */
export interface ActionLineError {
  readonly line: number;
  readonly field: string;
  readonly value: string;
  readonly reason: string;
}

type Actions = Result<readonly CorporateAction[], ActionLineError>;

const HEADER = 'ex_date,kind,value';
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,12}))?$/;
const COMPACT_DAY = /^(\d{4})(\d\d)(\d\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Splits and dividends of one instrument, in either of two forms. With the header `ex_date,kind,value`: a `split` has new
 * shares for an old one (`7`, `7:1`, `1:10`), a `dividend` what a share was paid. Without a header LEAN's factor file:
 * last day of the factors, price factor, split factor, close of that day; what changes from a line to the next is an action on the
 * day after.
 */
export function readActionLines(text: string): Actions {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines[0]?.trim() === HEADER ? plainActions(lines) : factorActions(lines);
}

function plainActions(lines: readonly string[]): Actions {
  const actions: CorporateAction[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const [exDate = '', kind = '', value = ''] = line.split(',').map((cell) => cell.trim());
    const fault = faultAt(index + 1);
    if (!isDay(exDate)) return fault('ex_date', exDate, 'must be a day as YYYY-MM-DD');
    if (kind === 'dividend') {
      const amount = ratioOf(value);
      if (amount === undefined) return fault('value', value, 'must be an amount such as 0.82');
      actions.push({ kind: 'Dividend', exDate, amount });
    } else if (kind === 'split') {
      const ratio = splitOf(value);
      if (ratio === undefined) return fault('value', value, 'must be such as 7, 7:1 or 1:10');
      actions.push({ kind: 'Split', exDate, ratio });
    } else return fault('kind', kind, 'must be split or dividend');
  }
  return ok(actions);
}

function factorActions(lines: readonly string[]): Actions {
  const actions: CorporateAction[] = [];
  let before: { readonly day: string; readonly price: Ratio; readonly split: Ratio } | undefined;
  for (const [index, line] of lines.entries()) {
    const cells = line.split(',').map((cell) => cell.trim());
    const [text = '', priceText = '', splitText = ''] = cells;
    const fault = faultAt(index + 1);
    const day = text.replace(COMPACT_DAY, '$1-$2-$3');
    if (cells.length !== 4 || !isDay(day)) {
      return fault('date', text, 'must be a day as YYYYMMDD, the first of four cells');
    }
    const [price, split] = [ratioOf(priceText), ratioOf(splitText)];
    if (price === undefined) return fault('price factor', priceText, 'must be a factor above 0');
    if (split === undefined) return fault('split factor', splitText, 'must be a factor above 0');
    if (before !== undefined) {
      if (day <= before.day) return fault('date', text, 'must be after the line before');
      const exDate = dayAfter(before.day);
      const paid = divided(before.price, price);
      const parted = divided(before.split, split);
      if (paid.over !== paid.under) actions.push({ kind: 'DividendRatio', exDate, ratio: paid });
      if (parted.over !== parted.under) actions.push({ kind: 'Split', exDate, ratio: parted });
    }
    before = { day, price, split };
  }
  return ok(actions);
}

function faultAt(line: number): (field: string, value: string, reason: string) => Actions {
  return (field, value, reason) => err({ line, field, value, reason });
}

function isDay(text: string): boolean {
  if (!DAY.test(text) || Number.isNaN(Date.parse(text))) return false;
  return new Date(Date.parse(text)).toISOString().startsWith(text);
}

/** A decimal above 0 as a fraction. */
function ratioOf(text: string): Ratio | undefined {
  const [, whole, decimals = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const over = BigInt(`${whole}${decimals}`);
  return over === 0n ? undefined : { over, under: 10n ** BigInt(decimals.length) };
}

/** What prices before are multiplied with. */
function splitOf(text: string): Ratio | undefined {
  const [newShares, oldShares, ...rest] = text.split(':').map(ratioOf);
  if (newShares === undefined || rest.length > 0) return undefined;
  if (text.includes(':') && oldShares === undefined) return undefined;
  return divided(oldShares ?? { over: 1n, under: 1n }, newShares);
}

function divided(one: Ratio, other: Ratio): Ratio {
  return lowest({ over: one.over * other.under, under: one.under * other.over });
}

function lowest({ over, under }: Ratio): Ratio {
  let [a, b] = [over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return { over: over / a, under: under / a };
}
