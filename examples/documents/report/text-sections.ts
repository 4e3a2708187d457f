import type { Analysis } from '../analysis.js';
import type { TextFigures } from '../text/text-tally.js';
import { duration, figure, inline, table } from './markdown-text.js';

export function statisticsSection({ characters, lines }: Analysis, text: TextFigures): string {
  const rows = [
    ['characters', figure(characters)],
    ['words', figure(text.words)],
    ['unique words', figure(text.uniqueWords)],
    ['sentences', figure(text.sentences)],
    ['paragraphs', figure(text.paragraphs)],
    ['lines', figure(lines)],
    ['reading time', duration(text.readingSeconds)],
  ];
  return `### Statistics\n\n${table(['figure', 'value'], rows)}`;
}

export function keyTermsSection({ keyTerms }: TextFigures): string {
  if (keyTerms.length === 0) return '### Key terms\n\nThe text has none.';
  const rows = keyTerms.map(({ term, count, paragraphs, score }) => [
    inline(term),
    figure(count),
    figure(paragraphs),
    figure(score),
  ]);
  return `### Key terms\n\n${table(['term', 'times', 'paragraphs', 'score'], rows)}`;
}

export function readabilitySection({ readability }: TextFigures): string {
  if (!readability) return '### Readability\n\nNot given: the formulas are for English prose.';
  const { readingEase, grade, level } = readability;
  return `### Readability\n\nFlesch reading ease ${readingEase} (${level}), Flesch-Kincaid grade ${grade}; for English prose.`;
}
