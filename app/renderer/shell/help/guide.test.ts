import { expect, test } from 'vitest';
import { PANELS } from '../panels.ts';
import { foundSections, loadGuide, sectionsOf } from './guide.ts';

const GUIDE = await loadGuide();

test('a page is cut at its second-level headings, what stands before the first included', () => {
  const sections = sectionsOf(
    'one',
    '# One\n\nAbove.\n\n## First\n\nText\n\n### Deeper\n\n## Last',
  );
  expect(sections.map(({ title, tokens }) => [title, tokens.map(({ type }) => type)])).toEqual([
    ['One', ['paragraph']],
    ['First', ['paragraph', 'heading']],
  ]);
});

test.each(PANELS.map(({ title }) => title))('%s has its part in the guide', (title) => {
  expect(GUIDE.filter((one) => one.page === 'panels' && one.title === title)).toHaveLength(1);
});

test('every page that a part leads to is there', () => {
  const pages = new Set(GUIDE.map(({ page }) => page));
  const links = GUIDE.flatMap(({ tokens }) =>
    tokens.flatMap(({ raw }) => [...raw.matchAll(/\]\(([a-z-]+)\.md/g)].map(([, page]) => page)),
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((page) => page === undefined || !pages.has(page))).toEqual([]);
});

test('a search finds the parts with all its words, those of the heading first', () => {
  const found = foundSections(GUIDE, 'Unknown orders');
  expect(found[0]?.title).toBe('Unknown orders');
  expect(found.length).toBeGreaterThan(1);
  for (const { words } of found) expect(words).toMatch(/unknown/);
  expect(foundSections(GUIDE, 'nothing has quorbly')).toEqual([]);
});
