import type { MarkdownFigures } from '../markdown/markdown.reader.js';
import { inline, plural } from './markdown-text.js';

const MAX_HEADINGS = 100;

export function structureSection({
  headings,
  headingCount,
  links,
  images,
  codeBlocks,
  languages,
}: MarkdownFigures): string {
  const listed = headings
    .slice(0, MAX_HEADINGS)
    .map(({ level, text }) => `${'  '.repeat(level - 1)}- ${inline(text) || '(without text)'}`);
  const more = headingCount - listed.length;
  const named = languages.length > 0 ? ` (${languages.map((language) => inline(language)).join(', ')})` : '';
  return [
    '### Structure',
    '',
    `${plural(headingCount, 'heading')}, ${plural(links, 'link')}, ${plural(images, 'image')}, ` +
      `${plural(codeBlocks, 'code block')}${named}.`,
    ...(listed.length > 0 ? ['', ...listed] : []),
    ...(more > 0 ? ['', `… and ${plural(more, 'more heading')}.`] : []),
  ].join('\n');
}
