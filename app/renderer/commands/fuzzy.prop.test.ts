import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzyMatch } from './fuzzy.ts';

const COMMANDS = [
  'Flatten this instrument',
  'Flatten every instrument',
  'Cancel all of this instrument',
  'Cancel bids',
  'Cancel at the row',
  'Buy at the row',
  'Buy at the market',
  'Lock trading',
  'Unlock trading',
  'Go to Ladder',
  'Go to Time & sales',
  'SOLUSDT',
];

function ranked(query: string): string[] {
  return COMMANDS.flatMap((text) => {
    const match = fuzzyMatch(query, text);
    return match === undefined ? [] : [{ text, score: match.score }];
  })
    .toSorted((left, right) => right.score - left.score)
    .map(({ text }) => text);
}

describe('finding by letters', () => {
  test.each([
    ['lock', 'Lock trading'],
    ['bam', 'Buy at the market'],
    ['cabid', 'Cancel bids'],
    ['cncl bids', 'Cancel bids'],
    ['instrument flat', 'Flatten this instrument'],
    ['lad', 'Go to Ladder'],
    ['t&s', 'Go to Time & sales'],
    ['SOL', 'SOLUSDT'],
  ])('%s finds %s first', (query, first) => {
    expect(ranked(query)[0]).toBe(first);
  });

  test('letters strewn over a text are not found', () => {
    expect(fuzzyMatch('sol', 'Show all orders')).toBeUndefined();
    expect(fuzzyMatch('tie', 'Flatten this instrument')?.score ?? 0).toBeLessThan(
      fuzzyMatch('tie', 'tier')?.score ?? 0,
    );
  });

  test('an empty query finds everything, nothing marked', () => {
    expect(fuzzyMatch(' ', 'Lock')).toEqual({ score: 0, at: [] });
  });
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'C', ' ', '-', 'ı', 'İ', '😀') });

test('what is marked is the query: its letters, in order, inside the text', () => {
  fc.assert(
    fc.property(letters, letters, (query, text) => {
      const match = fuzzyMatch(query, text);
      if (match === undefined) return;
      expect(match.at).toEqual(match.at.toSorted((left, right) => left - right));
      const marked = match.at.map((index) => text[index]?.toLowerCase());
      for (const word of query.toLowerCase().split(/\s+/)) {
        let from = 0;
        for (const letter of word.split('')) {
          const found = marked.indexOf(letter, from);
          if (word !== '') expect(found).toBeGreaterThanOrEqual(0);
          from = found + 1;
        }
      }
    }),
  );
});

test('a text is found by itself and by each of its words', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('buy', 'at', 'row', 'x'), { minLength: 1 }), (words) => {
      const text = words.join(' ');
      expect(fuzzyMatch(text, text)).toBeDefined();
      for (const word of words) expect(fuzzyMatch(word, text)).toBeDefined();
    }),
  );
});
