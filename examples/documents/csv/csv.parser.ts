/** What RFC 4180 does not allow in a record; it is read all the same. */
export type CsvFlaw = 'text after a closing quote' | 'a quote that is never closed';

export interface CsvRecord {
  readonly fields: string[];
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly flaw?: CsvFlaw;
}

/**
 * The records of a CSV text (RFC 4180): fields in quotes may have delimiters, line breaks and doubled quotes. Lines end with
 * CRLF, LF or CR; blank lines are skipped, a byte order mark at the beginning too. A quote inside of a field without quotes is
 * text; text after a closing quote is added to the field; a quote that is never closed takes the rest.
 */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  const reader = new Reader(text, delimiter);
  for (let record = reader.next(); record; record = reader.next()) yield record;
}

class Reader {
  #at: number;
  #line = 1;
  #flaw?: CsvFlaw;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
  ) {
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  next(): CsvRecord | undefined {
    while (this.#lineBreak());
    if (this.#at >= this.text.length) return undefined;
    const line = this.#line;
    this.#flaw = undefined;
    const fields = [this.#field()];
    while (this.text[this.#at] === this.delimiter) {
      this.#at++;
      fields.push(this.#field());
    }
    this.#lineBreak();
    return this.#withFlaw({ fields, line });
  }

  #withFlaw(record: CsvRecord): CsvRecord {
    return this.#flaw === undefined ? record : { ...record, flaw: this.#flaw };
  }

  #lineBreak(): boolean {
    const length = lineBreakAt(this.text, this.#at);
    this.#at += length;
    if (length > 0) this.#line++;
    return length > 0;
  }

  #field(): string {
    if (this.text[this.#at] !== '"') return this.#plain();
    const value = this.#quoted();
    const rest = this.#plain();
    if (rest !== '') this.#flaw ??= 'text after a closing quote';
    return value + rest;
  }

  #plain(): string {
    const { text, delimiter } = this;
    const from = this.#at;
    let at = from;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
    this.#at = at;
    return text.slice(from, at);
  }

  #quoted(): string {
    const { text } = this;
    const from = this.#at + 1;
    let end = text.indexOf('"', from);
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
    if (end < 0) this.#flaw = 'a quote that is never closed';
    const value = text.slice(from, end < 0 ? text.length : end);
    this.#at = end < 0 ? text.length : end + 1;
    this.#line += value.match(/\r\n|\n|\r/g)?.length ?? 0;
    return value.replaceAll('""', '"');
  }
}

function lineBreakAt(text: string, at: number): 0 | 1 | 2 {
  if (text[at] === '\n') return 1;
  if (text[at] !== '\r') return 0;
  return text[at + 1] === '\n' ? 2 : 1;
}
