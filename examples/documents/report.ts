/** Figures in Markdown, section by section: a table of them, and one for each list among them. */
export function* sectionsOf(title: string, figures: object): Generator<string> {
  const entries = Object.entries(figures) as [string, unknown][];
  const plain = entries.filter(([, value]) => typeof value !== 'object');
  const rows = plain.map(([key, value]) => ({ figure: label(key), value }));
  yield table(title, rows);
  for (const [key, value] of entries) {
    if (Array.isArray(value)) yield table(key, value.slice(0, 100));
    else if (typeof value === 'object') yield* sectionsOf(key, value ?? {});
  }
}

function table(title: string, rows: readonly Record<string, unknown>[]): string {
  if (rows.length === 0) return '';
  const keys = [...new Set(rows.flatMap(Object.keys))];
  const lines = [keys, keys.map(() => '---'), ...rows.map((row) => keys.map((key) => inline(String(row[key] ?? ''))))];
  return `### ${label(title)}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}\n`;
}

/** On one line, and without effect as Markdown. */
export const inline = (text: string): string =>
  text
    .slice(0, 120)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&');

/** `uniqueWords` as `unique words`. */
const label = (key: string): string => key.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
