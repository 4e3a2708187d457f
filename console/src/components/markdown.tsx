import { Lexer, type Token, type Tokens } from 'marked';
import { type ReactNode, useMemo } from 'react';

/**
 * Markdown as elements. No HTML is ever made of it: tags in the text are shown as text, images as links, and only links to the web and
 * to mail addresses can be followed.
 */
export function Markdown({ text }: { readonly text: string }) {
  const tokens = useMemo(() => new Lexer({ gfm: true }).lex(text), [text]);
  return <div className="markdown">{all(tokens)}</div>;
}

const all = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, index) => <One key={index} token={token} />);

function One({ token }: { readonly token: Token }): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'heading': {
      const size = ['1.35em', '1.2em', '1.1em'][(token as Tokens.Heading).depth - 1] ?? '1em';
      return <p style={{ fontSize: size, fontWeight: 650 }}>{all(token.tokens)}</p>;
    }
    case 'paragraph':
      return <p>{all(token.tokens)}</p>;
    case 'strong':
      return <strong>{all(token.tokens)}</strong>;
    case 'em':
      return <em>{all(token.tokens)}</em>;
    case 'del':
      return <del>{all(token.tokens)}</del>;
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'blockquote':
      return <blockquote>{all(token.tokens)}</blockquote>;
    case 'list':
      return <List list={token as Tokens.List} />;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'link':
    case 'image':
      return <Reference token={token as Tokens.Link} />;
    default:
      // Text, escapes, and HTML, which is shown as it is written.
      return 'tokens' in token && token.tokens ? all(token.tokens) : ((token as { text?: string }).text ?? token.raw);
  }
}

function List({ list }: { readonly list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    <li key={index}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly aria-label="done" />}
      {all(item.tokens)}
    </li>
  ));
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

const Table = ({ table }: { readonly table: Tokens.Table }) => (
  <table>
    <thead>
      <tr>
        {table.header.map((cell, index) => (
          <th key={index}>{all(cell.tokens)}</th>
        ))}
      </tr>
    </thead>
    <tbody>
      {table.rows.map((row, index) => (
        <tr key={index}>
          {row.map((cell, column) => (
            <td key={column}>{all(cell.tokens)}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

function Reference({ token }: { readonly token: Tokens.Link }) {
  const text = all(token.tokens) ?? token.text;
  if (!isSafeLink(token.href)) return <>{text}</>;
  return (
    <a className="link" href={token.href} target="_blank" rel="noopener noreferrer nofollow">
      {token.type === 'link' ? text : token.text || token.href}
    </a>
  );
}

export function isSafeLink(href: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(href);
}
