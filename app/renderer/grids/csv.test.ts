import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('numbers are plain, whatever they are shown with; text with commas and quotes is quoted', () => {
  expect(csvOf([['67,435.09', '\u2212204.86', '+1,284.60', '12', 'a "b", c', '']])).toBe(
    '67435.09,-204.86,+1284.60,12,"a ""b"", c",\r\n',
  );
});

test.each(['=1+1', '@now', '-cmd', '+SUM(A1)', '=HYPERLINK("x")'])('%s is no formula', (text) => {
  expect(csvOf([[text]]).replaceAll('"', '')).toMatch(/^'/);
});

/** A plain reader of RFC 4180, for the tests. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      at += 1;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at += 1;
        value += text[at];
        at += 1;
      }
      at += 1;
    } else while (text[at] !== ',' && text[at] !== '\r') value += text[at++];
    row.push(value);
    if (text[at] === ',') at += 1;
    else {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}

test('any text comes back as it was', () => {
  const word = fc.string().filter((text) => text === text.trim() && !/^[=+\-@]|\d/.test(text));
  const table = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(table, (rows) => {
      expect(read(csvOf(rows))).toEqual(rows);
    }),
  );
});
