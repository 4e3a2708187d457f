import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRecords } from './csv.parser.js';

const parse = (text: string, delimiter = ',') => [...csvRecords(text, delimiter)];
const fieldsOf = (text: string, delimiter = ',') => parse(text, delimiter).map(({ fields }) => fields);

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const awkward = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '"', ',', ';', '\t', '\n', '\r', '\uFEFF'), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const delimiters = fc.constantFrom(',', ';', '\t');
const rows = fc.array(fc.array(awkward, { minLength: 1, maxLength: 5 }), { maxLength: 6 });

describe('csvRecords', () => {
  it('reads back what was written in quotes, whatever the fields hold', () => {
    fc.assert(
      fc.property(
        rows,
        delimiters,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (table, delimiter, end, ended) => {
          const text = table.map((row) => row.map(quoted).join(delimiter)).join(end) + (ended ? end : '');
          expect(fieldsOf(text, delimiter)).toEqual(table);
          expect(parse(text, delimiter).some(({ flaw }) => flaw)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads back what was written with as few quotes as possible', () => {
    const sparing = (field: string, delimiter: string): string =>
      field === '' || [...'"\n\r\uFEFF', delimiter].some((mark) => field.includes(mark)) ? quoted(field) : field;
    fc.assert(
      fc.property(rows, delimiters, (table, delimiter) => {
        const text = table.map((row) => row.map((field) => sparing(field, delimiter)).join(delimiter)).join('\r\n');
        expect(fieldsOf(text, delimiter)).toEqual(table);
      }),
      { numRuns: 200 },
    );
  });

  it('loses no character of a text without quotes', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ',', '\n', '\r', ' '), maxLength: 40 });
    fc.assert(
      fc.property(plain, (text) => {
        const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
        expect(fieldsOf(text).map((fields) => fields.join(','))).toEqual(lines);
      }),
      { numRuns: 200 },
    );
  });

  it('takes any text, and numbers its records by rising lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';'), maxLength: 60 }), (text) => {
        const lines = parse(text).map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        expect(lines.at(-1) ?? 0).toBeLessThanOrEqual(text.split(/\r\n|\r|\n/).length);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['nothing', '', []],
    ['blank lines only', '\n\r\n\r', []],
    ['a byte order mark', '\uFEFFa,b', [['a', 'b']]],
    ['a byte order mark before a quote', '\uFEFF"a",b', [['a', 'b']]],
    ['blank lines between records', 'a\n\n\nb\n', [['a'], ['b']]],
    ['a single empty field in quotes', '""\n', [['']]],
    ['empty fields', ',\n,,', [['', ''], ['', '', '']]], // prettier-ignore
    ['white space as it is', ' a , "b"', [[' a ', ' "b"']]],
    ['a quote inside of a field', '5" tall,x', [['5" tall', 'x']]],
    ['line breaks in quotes', '"a\r\nb\nc",d', [['a\r\nb\nc', 'd']]],
    ['doubled quotes', '"say ""hi""","" ', [['say "hi"', ' ']]],
  ])('reads %s', (_, text, expected) => {
    expect(fieldsOf(text)).toEqual(expected);
  });

  it('tells on which line a record begins', () => {
    expect(parse('a\n\n"b\r\nc\rd"\ne').map(({ line }) => line)).toEqual([1, 3, 6]);
  });

  it('marks text after a closing quote, and keeps it', () => {
    expect(parse('"a"b,c\nd')).toEqual([
      { fields: ['ab', 'c'], line: 1, flaw: 'text after a closing quote' },
      { fields: ['d'], line: 2 },
    ]);
  });

  it('marks a quote that is never closed, which takes the rest', () => {
    expect(parse('a,"b\nc,d')).toEqual([{ fields: ['a', 'b\nc,d'], line: 1, flaw: 'a quote that is never closed' }]);
  });
});
