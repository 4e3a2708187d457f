import type { Document } from './document-parts.js';

/** The report of a document in Markdown, section by section: its figures, and a table for each list among them. */
export function* sectionsOf(document: Pick<Document, 'name' | 'kind' | 'bytes'>): Generator<string> {
  const { name, kind, bytes, ...figures } = document;
  yield `## ${inline(name)}\n\n${kind}, ${bytes} bytes\n\n`;
  yield* sections('Statistics', figures);
}

function* sections(title: string, figures: object): Generator<string> {
  const entries = Object.entries(figures);
  yield table(
    title,
    entries.filter(([, value]) => typeof value !== 'object').map(([key, value]) => ({ figure: label(key), value })),
  );
  for (const [key, value] of entries) {
    if (Array.isArray(value)) yield table(key, value.slice(0, 100) as object[]);
    else if (typeof value === 'object') yield* sections(key, value as object);
  }
}

function table(title: string, rows: readonly object[]): string {
  if (rows.length === 0) return '';
  const keys = [...new Set(rows.flatMap(Object.keys))];
  const lines = rows.map((row) => keys.map((key) => inline(String((row as Record<string, unknown>)[key] ?? ''))));
  return `### ${label(title)}\n\n${[keys, keys.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')}\n`;
}

/** On one line, and without effect as Markdown. */
const inline = (text: string): string =>
  text
    .slice(0, 120)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&');

/** `uniqueWords` as `unique words`. */
const label = (key: string): string => key.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
