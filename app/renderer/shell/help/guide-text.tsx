import type { ReactNode } from 'react';
import type { Token, Tokens } from 'marked';

/** A part of the guide as elements; `onPage` follows a link to another page of it. */
export function GuideText({
  tokens,
  onPage,
}: {
  readonly tokens: readonly Token[];
  readonly onPage: (page: string) => void;
}): ReactNode {
  // The guide never changes while it is shown: places are keys.
  return tokens.map((token, at) => <Block key={at} token={token} onPage={onPage} />);
}

interface TokenProps {
  readonly token: Token;
  readonly onPage: (page: string) => void;
}

function Block({ token, onPage }: TokenProps): ReactNode {
  switch (token.type) {
    case 'heading':
      return <h4>{inline(token, onPage)}</h4>;
    case 'paragraph':
      return isPicture(token) ? null : <p>{inline(token, onPage)}</p>;
    case 'code':
      return <pre>{(token as Tokens.Code).text}</pre>;
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      const List = ordered ? 'ol' : 'ul';
      return (
        <List>
          {items.map((item, at) => (
            <li key={at}>
              <GuideText tokens={item.tokens} onPage={onPage} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <Table table={token as Tokens.Table} onPage={onPage} />;
    case 'space':
      return null;
    default:
      return inline(token, onPage);
  }
}

function Table({
  table,
  onPage,
}: {
  readonly table: Tokens.Table;
  readonly onPage: (page: string) => void;
}): ReactNode {
  const cells = (row: readonly Tokens.TableCell[], Cell: 'th' | 'td'): ReactNode =>
    row.map((cell, at) => (
      <Cell key={at}>
        <GuideText tokens={cell.tokens} onPage={onPage} />
      </Cell>
    ));
  return (
    <table>
      <thead>
        <tr>{cells(table.header, 'th')}</tr>
      </thead>
      <tbody>
        {table.rows.map((row, at) => (
          <tr key={at}>{cells(row, 'td')}</tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a token says within a line. */
function inline(token: Token, onPage: (page: string) => void): ReactNode {
  const inner = (): ReactNode =>
    'tokens' in token && token.tokens !== undefined
      ? token.tokens.map((one, at) => <Inline key={at} token={one} onPage={onPage} />)
      : unescaped(token);
  switch (token.type) {
    case 'strong':
      return <b>{inner()}</b>;
    case 'em':
      return <em>{inner()}</em>;
    case 'codespan':
      return <code>{unescaped(token)}</code>;
    case 'link': {
      const page = /^([a-z-]+)\.md/.exec((token as Tokens.Link).href)?.[1];
      if (page === undefined) return inner();
      return (
        <button type="button" className="page-link" onClick={() => onPage(page)}>
          {inner()}
        </button>
      );
    }
    default:
      return inner();
  }
}

function Inline({ token, onPage }: TokenProps): ReactNode {
  return inline(token, onPage);
}

/** Pictures are for who reads the guide elsewhere: here the desk itself is behind it. */
function isPicture(token: Token): boolean {
  return (token as Tokens.Paragraph).tokens.every(({ type }) => type === 'image');
}

function unescaped(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}
