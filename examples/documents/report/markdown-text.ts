/** Longest text of a document that a report repeats. */
const LONGEST = 120;

/** A document's own words inside a report: on one line, bounded, without effect as Markdown. */
export function inline(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const shown = line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
  return shown.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}

/** `1,234,567`; three digits behind the point, below 1 six that count. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-6)) return value.toExponential();
  return value.toLocaleString('en-US', size < 1 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 3 });
}

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
