import type { Heading } from './markdown.reader.js';

/** `## Title ##`; undefined when the line is no such heading. */
export function headingOf(line: string): Heading | undefined {
  const [opening, marks] = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line) ?? [];
  if (opening === undefined || marks === undefined) return undefined;
  return { level: marks.length, text: withoutClosing(line.slice(opening.length).trim()) };
}

/** A line of `=` or `-` under a line of text makes that a heading. */
export const isSetextUnderline = (line: string): boolean => /^ {0,3}(?:=+|-+)$/.test(line.trimEnd());

function withoutClosing(title: string): string {
  let end = title.length;
  while (end > 0 && title[end - 1] === '#') end--;
  if (end === 0) return '';
  const closed = end < title.length && /[ \t]/.test(title[end - 1]!);
  return closed ? title.slice(0, end).trimEnd() : title;
}
