import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowList, type Arrangement } from './row-list.ts';
import { compareKeys } from './row-order.ts';
import { SectionHead } from './sections.ts';

interface Row {
  readonly id: string;
  readonly value: number | undefined;
  readonly group: string;
}

const rowId = ({ id }: Row): string => id;
const id = fc.integer({ min: 0, max: 30 }).map(String);
const row = fc.record({
  id,
  value: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  group: fc.constantFrom('', 'a', 'b'),
});
const step = fc.oneof(
  fc.record({ type: fc.constant('update' as const), rows: fc.array(row, { maxLength: 6 }) }),
  fc.record({ type: fc.constant('drop' as const), ids: fc.array(id, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant('arrange' as const),
    least: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    by: fc.option(fc.boolean(), { nil: undefined }),
    grouped: fc.boolean(),
  }),
  fc.record({ type: fc.constant('toggle' as const), name: fc.constantFrom('a', 'b') }),
);

/** The slow way: everything filtered, sorted and grouped anew. */
function expected(
  rows: readonly Row[],
  newestFirst: boolean,
  { passes, orderings, section }: Arrangement<Row>,
): Row[] {
  const natural = newestFirst ? rows.toReversed() : rows;
  return natural
    .filter((one) => passes?.(one) ?? true)
    .toSorted((left, right) => {
      const by = orderings[0];
      if (by === undefined) return 0;
      return compareKeys(by.key(left), by.key(right)) * (by.descending ? -1 : 1);
    })
    .toSorted((left, right) =>
      section === undefined ? 0 : compareKeys(section.of(left), section.of(right)),
    );
}

/** What must stand between the rows: heads with counts and sums, no rows under those that are closed. */
function withHeads(rows: readonly Row[], closed: ReadonlySet<string>): string[] {
  return [...Map.groupBy(rows, ({ group }) => group)].flatMap(([name, members]) => {
    const sum = members.reduce((total, { value }) => total + (value ?? 0), 0);
    const head = `${name}: ${members.length}${sum === 0 ? '' : `, ${sum} of v`}`;
    return closed.has(name) ? [head] : [head, ...members.map(rowId)];
  });
}

function lineIn(lines: readonly string[], wanted: string): number | undefined {
  const at = lines.indexOf(wanted);
  return at < 0 ? undefined : at;
}

test('whatever happens to its rows, a list is what filtering, sorting and summing all of them gives', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 30 }), (newestFirst, steps) => {
      const list = new RowList<Row>({
        rowId,
        newestFirst,
        subtotals: {
          of: ({ value }) => [['v', BigInt(value ?? 0)]],
          text: (unit, amount) => `${amount} of ${unit}`,
        },
      });
      let rows: Row[] = [];
      let arrangement: Arrangement<Row> = { passes: undefined, orderings: [], section: undefined };
      const closed = new Set<string>();
      for (const next of steps) {
        if (next.type === 'update') {
          for (const one of next.rows) {
            const at = rows.findIndex((known) => known.id === one.id);
            rows = at < 0 ? [...rows, one] : rows.with(at, one);
          }
          list.update(next.rows);
        } else if (next.type === 'drop') {
          rows = rows.filter((one) => !next.ids.includes(one.id));
          list.replace(rows);
        } else if (next.type === 'toggle') {
          if (!closed.delete(next.name)) closed.add(next.name);
          list.toggle(next.name);
        } else {
          const { least, by, grouped } = next;
          arrangement = {
            passes: least === undefined ? undefined : ({ value }) => (value ?? -1) >= least,
            orderings: by === undefined ? [] : [{ key: ({ value }) => value, descending: by }],
            section: grouped ? { id: 'g', label: 'G', of: ({ group }) => group } : undefined,
          };
          list.arrange(arrangement);
        }
        const wanted = expected(rows, newestFirst, arrangement);
        expect(list.passing()).toEqual(wanted);
        const lines = list
          .lines(0, list.lineCount())
          .map((line) =>
            line instanceof SectionHead
              ? `${line.name}: ${line.count}${line.sums === '' ? '' : `, ${line.sums}`}`
              : line.id,
          );
        const whole =
          arrangement.section === undefined ? wanted.map(rowId) : withHeads(wanted, closed);
        expect(lines).toEqual(whole);
        expect(list.lineCount()).toBe(whole.length);
        const known = rows.map((one) => list.lineOf(one.id));
        expect(known).toEqual(rows.map((one) => lineIn(lines, one.id)));
        expect(list.lines(2, 5).length).toBe(Math.max(0, Math.min(5, whole.length) - 2));
      }
    }),
  );
});

test('a row that is gone has no line', () => {
  const list = new RowList<Row>({ rowId });
  list.replace([{ id: '1', value: 1, group: '' }]);
  list.replace([]);
  expect(list.lineOf('1')).toBeUndefined();
});

test('a list given in another order takes it over', () => {
  const list = new RowList<Row>({ rowId });
  const [first, second, third] = ['1', '2', '3'].map((name) => ({ id: name, value: 1, group: '' }));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  list.replace([second, third]);
  list.replace([first, second, third]);
  expect(list.passing()).toEqual([first, second, third]);
});

test('rows are fresh from the watch on, until they are seen or gone', () => {
  const list = new RowList<Row>({ rowId });
  const named = (name: string): Row => ({ id: name, value: 1, group: '' });
  const [old, late] = [named('old'), named('late')];
  list.replace([old]);
  list.watch();
  expect(list.fresh).toBe(0);
  list.replace([old, late]);
  expect([list.isFresh(old), list.isFresh(late), list.fresh]).toEqual([false, true, 1]);
  list.watch();
  expect(list.fresh).toBe(1);
  list.replace([old, { ...late, value: 2 }]);
  expect(list.fresh).toBe(1);
  list.replace([old]);
  expect(list.fresh).toBe(0);
  list.replace([old, late]);
  list.markSeen();
  expect([list.isFresh(late), list.fresh]).toEqual([false, 0]);
});
