/** Longest text of a document that a report repeats. */
const LONGEST = 120;

/** A document's own words inside a report: on one line, bounded, without effect as Markdown. */
export function inline(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const shown = line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
  return shown.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}

/** `1,234,567`; six significant digits behind the point. */
export const figure = (value: number): string =>
  Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-6)
    ? value.toExponential()
    : value.toLocaleString('en-US', { maximumSignificantDigits: Number.isInteger(value) ? 21 : 6 });

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${figure(count)} ${count === 1 ? one : many}`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `2 min 5 s` */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${figure(Math.floor(seconds / 60))} min${rest === 0 ? '' : ` ${rest} s`}`;
}
