import { plainNumber } from '../format/number-form.ts';

/** What a spreadsheet would run instead of showing it. */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell of comma separated text (RFC 4180): numbers plain, with a hyphen for a minus; other text never a formula. */
function cell(text: string): string {
  const trimmed = text.trim();
  const plain = plainNumber(trimmed);
  if (plain !== undefined) return plain;
  const safe = FORMULA.test(trimmed) ? `'${trimmed}` : trimmed;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as comma separated text with its head, a line each, ended by CR LF. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
