import type { ColumnFigures } from '../csv/csv.column.js';
import type { CsvFigures } from '../csv/csv.table.js';
import { figure, inline, plural, table } from './markdown-text.js';

const MAX_COLUMNS_SHOWN = 100;
const DELIMITER_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

export function tableSection({ rows, columns, delimiter, header }: CsvFigures): string {
  const names = header ? 'named by the first record' : 'without a header';
  return `### Table\n\n${plural(rows, 'row')}, ${plural(columns.length, 'column')} ${names}; delimiter: ${DELIMITER_NAMES[delimiter]}.`;
}

export function columnsSection({ columns }: CsvFigures): string {
  const head = ['column', 'type', 'missing', 'distinct', 'min', 'max', 'mean', 'median'];
  const shown = columns.slice(0, MAX_COLUMNS_SHOWN);
  const more = columns.length - shown.length;
  const rest = more > 0 ? `\n\n… and ${plural(more, 'more column')}: see the figures.` : '';
  return `### Columns\n\n${table(head, shown.map(columnRow))}${rest}`;
}

function columnRow(column: ColumnFigures): string[] {
  const { name, type, missing, distinct, distinctIsExact, min, max, mean, median, earliest, latest } = column;
  const cell = (value: number | undefined): string => (value === undefined ? '' : figure(value));
  return [
    inline(name, 40),
    type,
    figure(missing),
    distinctIsExact ? figure(distinct) : `over ${figure(distinct)}`,
    earliest ?? cell(min),
    latest ?? cell(max),
    cell(mean),
    cell(median),
  ];
}

/** What is wrong with the table; undefined when nothing is. */
export function qualitySection({ columns, raggedRows, ragged, flaws }: CsvFigures): string | undefined {
  const findings = [
    ...(raggedRows > 0 ? [raggedFinding(columns.length, raggedRows, ragged)] : []),
    ...flaws.map(({ line, flaw }) => `- Line ${line}: ${flaw}.`),
    ...columns.slice(0, MAX_COLUMNS_SHOWN).flatMap(mostlyFinding),
  ];
  return findings.length === 0 ? undefined : `### Data quality\n\n${findings.join('\n')}`;
}

function raggedFinding(width: number, count: number, ragged: CsvFigures['ragged']): string {
  const lines = ragged.map(({ line, fields }) => `line ${line} (${fields})`).join(', ');
  const more = count > ragged.length ? ', …' : '';
  return `- ${plural(count, 'row does', 'rows do')} not have ${plural(width, 'field')}: ${lines}${more}.`;
}

function mostlyFinding({ name, mostly }: ColumnFigures): string[] {
  if (!mostly) return [];
  return [`- Column ${inline(name, 40)} is ${mostly.type}, but for ${plural(mostly.others, 'value')}.`];
}
