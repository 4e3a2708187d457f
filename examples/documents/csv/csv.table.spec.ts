import { describe, expect, it } from '@jest/globals';
import { CsvColumn, DistinctBudget } from './csv.column.js';
import { csvRecords } from './csv.parser.js';
import { type CsvFigures, CsvTable, MAX_COLUMNS } from './csv.table.js';
import type { Delimiter } from './delimiter.js';

function tableOf(
  text: string,
  { delimiter = ',' as Delimiter, header = undefined as boolean | undefined } = {},
): CsvFigures {
  const table = new CsvTable(delimiter, header);
  for (const record of csvRecords(text, delimiter)) table.add(record);
  return table.figures();
}

const typesOf = (text: string) => tableOf(text).columns.map(({ type }) => type);

describe('CsvTable', () => {
  it('gives the figures of its columns', () => {
    const { columns, rows, header } = tableOf(
      'id,price,born,ok\n1,1.5,2026-01-02,yes\n2,,2025-01-01,no\n3,2,2026-01-01T12:00Z,no',
    );
    expect({ rows, header }).toEqual({ rows: 3, header: true });
    const exact = { distinctIsExact: true };
    expect(columns).toEqual([
      { name: 'id', type: 'integer', missing: 0, distinct: 3, ...exact, min: 1, max: 3, mean: 2, median: 2 },
      { name: 'price', type: 'number', missing: 1, distinct: 2, ...exact, min: 1.5, max: 2, mean: 1.75, median: 1.75 },
      { name: 'born', type: 'date', missing: 0, distinct: 3, ...exact, earliest: '2025-01-01', latest: '2026-01-02' },
      { name: 'ok', type: 'boolean', missing: 0, distinct: 2, ...exact },
    ]);
  });

  it('calls a column text when its values differ in type, empty when it has none', () => {
    expect(typesOf('a,b,c,d\n1,x,,1\n2,2,NA,1.5')).toEqual(['integer', 'text', 'empty', 'number']);
  });

  it('tells when text is nearly all of another type', () => {
    const [column] = tableOf(`n\n${'1\n2.5\n'.repeat(10)}oops\n`).columns;
    expect(column).toMatchObject({ type: 'text', mostly: { type: 'number', others: 1 } });
    expect(tableOf('n\n1\noops').columns[0]).not.toHaveProperty('mostly');
  });

  it('reports ragged rows: the missing fields are missing values, those too many are left out', () => {
    const { columns, raggedRows, ragged } = tableOf('a,b\n1,2\n3\n4,5,6\n7,8');
    expect({ raggedRows, ragged }).toEqual({ raggedRows: 2, ragged: [{ line: 3, fields: 1 }, { line: 4, fields: 3 }] }); // prettier-ignore
    expect(columns.map(({ missing }) => missing)).toEqual([0, 1]);
    expect(columns[1]).toMatchObject({ min: 2, max: 8 });
  });

  it('lists the first ten ragged rows and counts them all', () => {
    const { raggedRows, ragged } = tableOf(`a,b\n${'1\n'.repeat(25)}`);
    expect([raggedRows, ragged.length]).toEqual([25, 10]);
  });

  it('reports records that are not well-formed', () => {
    expect(tableOf('a,b\n"x"y,1\n2,"z').flaws).toEqual([
      { line: 2, flaw: 'text after a closing quote' },
      { line: 3, flaw: 'a quote that is never closed' },
    ]);
  });

  it.each([
    ['names', 'name,age\nx,1', true, 1],
    ['years', 'country,2019,2020\nx,1,2', true, 1],
    ['an empty name', ',a\n1,2', true, 1],
    ['a number', 'x,1\ny,2', false, 2],
    ['a date', '2026-01-01,x\n2026-01-02,y', false, 2],
  ])('takes a first record with %s for what it looks like', (_, text, header, rows) => {
    expect(tableOf(text)).toMatchObject({ header, rows });
  });

  it('takes the word of the sender on the header', () => {
    expect(tableOf('a,b\nc,d', { header: false })).toMatchObject({ header: false, rows: 2, columns: [{ name: 'column 1' }, { name: 'column 2' }] }); // prettier-ignore
    expect(tableOf('1,2\n3,4', { header: true })).toMatchObject({ header: true, rows: 1, columns: [{ name: '1' }, { name: '2' }] }); // prettier-ignore
  });

  it('gives each column a name of its own', () => {
    const { columns } = tableOf(`a,a,,a (2),a,${'x'.repeat(100)}\n`);
    expect(columns.map(({ name }) => name)).toEqual(['a', 'a (2)', 'column 3', 'a (2) (2)', 'a (3)', 'x'.repeat(80)]);
  });

  it('reads decimal commas where the comma is no delimiter', () => {
    expect(tableOf('a;b\n1,5;x\n2,5;y', { delimiter: ';' }).columns[0]).toMatchObject({ type: 'number', mean: 2 });
  });

  it('refuses a table of too many columns', () => {
    expect(() => tableOf(','.repeat(MAX_COLUMNS))).toThrow('The table has 1001 columns; send at most 1000.');
    expect(tableOf(`${','.repeat(MAX_COLUMNS - 1)}\n`).columns).toHaveLength(MAX_COLUMNS);
  });
});

describe('CsvColumn', () => {
  it('stops counting different values at the limit that all columns share, and says so', () => {
    const budget = new DistinctBudget(3);
    const [first, second] = [new CsvColumn('a', false, budget), new CsvColumn('b', false, budget)];
    for (const value of ['x', 'y', 'x']) first.add(value);
    for (const value of ['p', 'q', 'p']) second.add(value);
    expect(first.figures(3)).toMatchObject({ distinct: 2, distinctIsExact: true });
    expect(second.figures(3)).toMatchObject({ distinct: 1, distinctIsExact: false });
  });
});
