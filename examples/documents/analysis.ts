import { csvRecords } from './csv/csv.parser.js';
import { type CsvFigures, CsvTable } from './csv/csv.table.js';
import { detectDelimiter } from './csv/delimiter.js';
import type { Document } from './document-parts.js';
import { inSlices } from './in-slices.js';
import { type MarkdownFigures, MarkdownReader } from './markdown/markdown.reader.js';
import { linesOf, ParagraphReader } from './text/lines.js';
import { type TextFigures, TextTally } from './text/text-tally.js';

interface Common {
  readonly name: string;
  readonly bytes: number;
  /** Unicode code points. */
  readonly characters: number;
  readonly lines: number;
}

/** `text` of Markdown is that of its prose: without code, addresses and markup. */
export type Analysis = Common &
  (
    | { readonly kind: 'text'; readonly text: TextFigures }
    | { readonly kind: 'markdown'; readonly text: TextFigures; readonly markdown: MarkdownFigures }
    | { readonly kind: 'csv'; readonly csv: CsvFigures }
  );

/** Takes a document apart, bit by bit: large ones do not hold the event loop up. */
export async function analyse(document: Document, signal: AbortSignal): Promise<Analysis> {
  const { name, bytes, kind, text, header } = document;
  const common = { name, bytes, ...(await size(text, signal)) };
  if (kind === 'csv') return { ...common, kind, csv: await csvFigures(text, header, signal) };
  if (kind === 'text') return { ...common, kind, text: await textFigures(text, signal) };
  const reader = new MarkdownReader();
  const prose: string[] = [];
  await inSlices(linesOf(text), signal, (line) => void prose.push(reader.add(line)));
  return { ...common, kind, text: await textFigures(prose.join('\n'), signal), markdown: reader.figures() };
}

async function size(text: string, signal: AbortSignal): Promise<{ characters: number; lines: number }> {
  let pairs = 0;
  let lines = 0;
  await inSlices(linesOf(text), signal, (line) => {
    lines++;
    for (let at = 0; at < line.length; at++) if (line.codePointAt(at)! > 0xffff) pairs++;
  });
  return { characters: text.length - pairs, lines };
}

async function textFigures(text: string, signal: AbortSignal): Promise<TextFigures> {
  const tally = new TextTally();
  const paragraphs = new ParagraphReader((piece) => tally.add(piece));
  await inSlices(linesOf(text), signal, (line) => paragraphs.add(line));
  paragraphs.end();
  return tally.figures();
}

async function csvFigures(text: string, header: boolean | undefined, signal: AbortSignal): Promise<CsvFigures> {
  const delimiter = detectDelimiter(text);
  const table = new CsvTable(delimiter, header);
  await inSlices(csvRecords(text, delimiter), signal, (record) => table.add(record));
  return table.figures();
}
