export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Of code whose first line is a comment with nothing but a file name. */
  readonly name?: string;
}

/** The code blocks of a page, in order. */
export function fencesOf(page: string): Fence[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => {
    const name = /^\/\/ ([\w./-]+\.ts)\n/.exec(text)?.[1];
    return name === undefined ? { language, text } : { language, text: text.slice(text.indexOf('\n') + 1), name };
  });
}

/** The page without its code blocks and code spans. */
const proseOf = (page: string): string => page.replace(/^```\w*\n.*?^```$/gms, '').replace(/`[^`\n]*`/g, 'code');

/** Targets of the links and images of a page. */
export const linksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

/** Addresses of a page's headings, as GitHub makes them. */
export const anchorsOf = (page: string): string[] =>
  [...page.replace(/^```\w*\n.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

/** The rows of a page's tables, by the heads of their columns. */
export const recordsOf = (page: string): Record<string, string>[] =>
  [...page.matchAll(/(?:^\|.*\|$\n?)+/gm)].flatMap(([table]) => {
    const [heads = [], , ...rows] = table.trim().split('\n').map(cellsOf);
    return rows.map((cells) => Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? ''])));
  });

const cellsOf = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows below the heads of a page's tables, as cells. */
export function tablesOf(page: string): string[][][] {
  return [...page.matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) => table.trim().split('\n').slice(2).map(cellsOf));
}
