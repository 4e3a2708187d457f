import type { JsonObject } from '../../src/index.js';

/** Figures in Markdown, section by section: a table of the single ones, and one for each list among them. */
export function* sectionsOf(figures: JsonObject): Generator<string> {
  const entries = Object.entries(figures);
  yield table(entries.flatMap(([figure, value]) => (Array.isArray(value) ? [] : [{ figure, value }])));
  for (const [title, rows] of entries)
    if (Array.isArray(rows) && rows.length > 0) yield `### ${title}\n\n${table(rows as JsonObject[])}`;
}

function table(rows: readonly JsonObject[]): string {
  const keys = [...new Set(rows.flatMap(Object.keys))];
  const cells = rows.map((row) => keys.map((key) => escaped(String(row[key] ?? ''))));
  return [keys, keys.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |\n`).join('') + '\n';
}

/** Without effect as Markdown. */
export const escaped = (text: string): string => text.replace(/[\\`*_[\]<>|#~]/g, '\\$&');
