import MarkdownIt, { type Token } from 'markdown-it';
import { pause, PIECE } from './text-figures.js';

const PARSER = new MarkdownIt({ html: true });
const MAX_HEADINGS = 1000;

/** Outline and elements of Markdown, and its prose: without code, addresses and markup. */
export async function markdownFigures(text: string, signal: AbortSignal) {
  const prose: string[] = [];
  const headings: { level: number; text: string }[] = [];
  let [headingCount, links, images, codeBlocks, level] = [0, 0, 0, 0, 0];
  for await (const { type, tag, children } of blocksOf(text.replace(/^---\n[^]*?\n---\n/, ''), signal)) {
    if (type === 'fence' || type === 'code_block') codeBlocks++;
    if (type === 'heading_open') level = Number(tag.slice(1));
    if (type !== 'inline' || !children) continue;
    links += children.filter((child) => child.type === 'link_open').length;
    images += children.filter((child) => child.type === 'image').length;
    const words = children.map(wordsOf).join('');
    prose.push(words);
    if (level > 0 && ++headingCount <= MAX_HEADINGS) headings.push({ level, text: words.slice(0, 200).toWellFormed() });
    level = 0;
  }
  return { prose: prose.join('\n\n'), markdown: { headings, headingCount, links, images, codeBlocks } };
}

const wordsOf = ({ type, content }: Token): string =>
  type.endsWith('break') ? '\n' : type === 'html_inline' ? '' : content;

/** The tokens of a Markdown text, parsed piece by piece. What the end of a piece may have cut off is read with the next one. */
async function* blocksOf(text: string, signal: AbortSignal): AsyncGenerator<Token> {
  for (let from = 0; from < text.length; await pause(signal)) {
    const piece = text.slice(from, from + PIECE);
    const tokens = PARSER.parse(piece, {});
    const last = tokens.findLastIndex(({ level, nesting, map }) => level === 0 && nesting >= 0 && map && map[0] > 0);
    const line = tokens[last]?.map?.[0];
    const whole = from + PIECE >= text.length || line === undefined;
    yield* whole ? tokens : tokens.slice(0, last);
    from += whole ? piece.length : piece.split('\n', line).join('\n').length + 1;
  }
}
