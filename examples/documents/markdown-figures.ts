import MarkdownIt, { type Token } from 'markdown-it';
import { setImmediate } from 'node:timers/promises';
import { short } from './document-parts.js';
import { textFigures } from './text-figures.js';

const PARSER = new MarkdownIt({ html: true });
const PIECE = 8192;
const MAX_HEADINGS = 1000;

/** Outline and links of Markdown, and the words of its prose: without code, addresses and markup. */
export async function markdownFigures({ text }: { text: string }, signal: AbortSignal) {
  const prose: string[] = [];
  const headings: { level: number; text: string }[] = [];
  let [links, level] = [0, 0];
  for await (const { type, tag, children } of blocksOf(text.replace(/^---\r?\n[^]*?\n---\r?\n/, ''), signal)) {
    if (type === 'heading_open') level = Number(tag.slice(1));
    if (!children) continue;
    links += children.filter((child) => child.type === 'link_open').length;
    const words = children.map(wordsOf).join('');
    prose.push(words);
    if (level > 0 && headings.length < MAX_HEADINGS) headings.push({ level, text: short(words) });
    level = 0;
  }
  const { words } = await textFigures({ text: prose.join('\n\n') }, signal);
  return { words, links, headings };
}

const wordsOf = ({ type, content }: Token): string =>
  type.endsWith('break') ? '\n' : type === 'html_inline' ? '' : content;

/** The tokens of a Markdown text, parsed piece by piece. What the end of a piece may have cut off is read with the next one. */
async function* blocksOf(text: string, signal: AbortSignal): AsyncGenerator<Token> {
  for (let from = 0; from < text.length; await setImmediate(undefined, { signal })) {
    const piece = text.slice(from, from + PIECE);
    const tokens = PARSER.parse(piece, {});
    const last = tokens.findLastIndex(({ level, nesting, map }) => level === 0 && nesting >= 0 && map && map[0] > 0);
    const line = tokens[last]?.map?.[0];
    const whole = from + PIECE >= text.length || line === undefined;
    yield* whole ? tokens : tokens.slice(0, last);
    from += whole ? piece.length : piece.split('\n', line).join('\n').length + 1;
  }
}
