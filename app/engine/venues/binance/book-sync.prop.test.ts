import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookSync, type DiffIds } from './book-sync.ts';

/** A venue's true book: one change an update id, the level being the id modulo 7. */
function bookAt(updateId: number): Map<number, number> {
  const book = new Map<number, number>();
  for (let id = 1; id <= updateId; id += 1) book.set(id % 7, id);
  return book;
}

interface Kept {
  readonly ids: DiffIds;
}

/** The owner of a book as a connector is one: it does what `BookSync` says and nothing else. */
class Owner {
  readonly sync = new BookSync('FirstUpdate', 1_000);
  book: Map<number, number> | undefined;
  buffer: Kept[] = [];

  diff(ids: DiffIds): void {
    const verdict = this.sync.onDiff(ids);
    if (verdict === 'Apply') this.#apply(ids);
    if (verdict === 'Buffer') this.buffer.push({ ids });
    if (verdict === 'Gap') {
      this.book = undefined;
      this.buffer = [{ ids }];
    }
  }

  snapshot(lastUpdateId: number): void {
    const verdict = this.sync.onSnapshot(lastUpdateId);
    if (!verdict.use) return;
    this.book = bookAt(lastUpdateId);
    for (const { ids } of this.buffer.slice(verdict.applyFrom)) this.#apply(ids);
    this.buffer = [];
  }

  #apply({ first, last }: DiffIds): void {
    for (let id = first; id <= last; id += 1) this.book?.set(id % 7, id);
  }
}

test('whatever is lost, repeated or late, the book is the venue’s at its id, or there is none', () => {
  const step = fc.record({
    length: fc.integer({ min: 1, max: 4 }),
    fate: fc.constantFrom('deliver', 'deliver', 'deliver', 'lose', 'repeat', 'snapshot'),
    snapshotAge: fc.integer({ min: 0, max: 12 }),
  });
  let synchronised = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const owner = new Owner();
      let last = 0;
      for (const { length, fate, snapshotAge } of steps) {
        if (fate === 'snapshot') {
          owner.snapshot(Math.max(0, last - snapshotAge));
        } else {
          const ids = { first: last + 1, last: last + length };
          last = ids.last;
          if (fate !== 'lose') owner.diff(ids);
          if (fate === 'repeat') owner.diff(ids);
        }
        const { bookId } = owner.sync.position;
        expect(owner.book === undefined).toBe(bookId === undefined);
        if (bookId === undefined) continue;
        synchronised += 1;
        expect(owner.book).toEqual(bookAt(bookId));
      }
    }),
    { numRuns: 500 },
  );
  expect(synchronised).toBeGreaterThan(1_000);
});

test('after the last loss one fresh snapshot is enough', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (delivered) => {
      const owner = new Owner();
      let last = 0;
      for (const arrives of delivered) {
        last += 1;
        if (arrives) owner.diff({ first: last, last });
      }
      owner.snapshot(last);
      expect(owner.book).toEqual(bookAt(last));
    }),
  );
});
