import { Lexer, type Token, type Tokens } from 'marked';

/** A part of the user guide under one heading. */
export interface GuideSection {
  /** Name of its page, as links in the guide have it: `kill-switch`. */
  readonly page: string;
  readonly pageTitle: string;
  /** The heading; the page's own for what stands above the first one. */
  readonly title: string;
  readonly tokens: readonly Token[];
  /** All its words in lower case. */
  readonly words: string;
}

/** The pages in the order they are read; those that are not named follow. */
const ORDER = ['first-steps', 'panels', 'keys', 'order-language', 'trading-safety', 'kill-switch'];

const PAGES = import.meta.glob<string>('../../../../docs/guide/*.md', {
  query: '?raw',
  import: 'default',
});

/** Reads the guide that this version of the desk was built with. */
export async function loadGuide(): Promise<readonly GuideSection[]> {
  const pages = await Promise.all(
    Object.entries(PAGES).map(async ([path, load]) => {
      const page = path.slice(path.lastIndexOf('/') + 1, -'.md'.length);
      return { page, text: await load() };
    }),
  );
  return pages
    .toSorted((one, other) => rank(one.page) - rank(other.page))
    .flatMap(({ page, text }) => sectionsOf(page, text));
}

function rank(page: string): number {
  const at = ORDER.indexOf(page);
  return at < 0 ? ORDER.length : at;
}

/** The sections of a page in Markdown: one a second-level heading, and one for what stands before the first. */
export function sectionsOf(page: string, markdown: string): readonly GuideSection[] {
  const sections: { title: string; tokens: Token[] }[] = [];
  let pageTitle = page;
  for (const token of new Lexer().lex(markdown)) {
    if (token.type === 'heading' && token['depth'] === 1) {
      pageTitle = (token as Tokens.Heading).text;
      sections.push({ title: pageTitle, tokens: [] });
    } else if (token.type === 'heading' && token['depth'] === 2) {
      sections.push({ title: (token as Tokens.Heading).text, tokens: [] });
    } else if (token.type !== 'space') {
      sections.at(-1)?.tokens.push(token);
    }
  }
  return sections
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ title, tokens }) => {
      const words = [pageTitle, title, ...tokens.map(({ raw }) => raw)].join(' ').toLowerCase();
      return { page, pageTitle, title, tokens, words };
    });
}

/** The sections that hold every word of `query`, those whose heading does first. */
export function foundSections(
  sections: readonly GuideSection[],
  query: string,
): readonly GuideSection[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string): boolean => wanted.every((word) => text.includes(word));
  const found = sections.filter(({ words }) => holds(words));
  const named = ({ title }: GuideSection): number => (holds(title.toLowerCase()) ? 0 : 1);
  return found.toSorted((one, other) => named(one) - named(other));
}
