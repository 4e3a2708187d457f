import { describe, expect, it } from '@jest/globals';
import { type Message, type Part, RunAborted } from '../../src/index.js';
import { type AgentRun, agentRun } from '../../src/testing/index.js';
import { DocumentsAgent } from './documents.agent.js';
import type { DocumentsOptions } from './document-parts.js';

const asked = (...parts: Part[]): Message => ({ messageId: 'm', role: 'ROLE_USER', parts });
const file = (content: string, mediaType: string, filename: string): Part => ({
  raw: Buffer.from(content).toString('base64'),
  mediaType,
  filename,
});

async function describeAll(parts: Part[], options?: DocumentsOptions, turn = 1): Promise<AgentRun> {
  const run = agentRun({ message: asked(...parts), turn });
  await new DocumentsAgent(options).execute(run.context, run.updater);
  return run;
}

const artifactEvents = ({ sink }: AgentRun, artifactId: string) =>
  sink.events.flatMap((event) =>
    'artifactUpdate' in event && event.artifactUpdate.artifact.artifactId === artifactId ? [event.artifactUpdate] : [],
  );

const reportOf = (run: AgentRun): string =>
  artifactEvents(run, 'report')
    .flatMap(({ artifact }) => artifact.parts)
    .map((part) => ('text' in part ? part.text : '?'))
    .join('');

function figuresOf(run: AgentRun): unknown {
  const part = artifactEvents(run, 'figures')[0]?.artifact.parts[0];
  return part && 'data' in part ? part.data : undefined;
}

const states = ({ sink }: AgentRun) => sink.brief.filter((entry) => /^[A-Z_]+$/.test(entry));

const statusText = ({ sink }: AgentRun): unknown => {
  const event = sink.events.at(-1);
  const part = event && 'statusUpdate' in event ? event.statusUpdate.status.message?.parts[0] : undefined;
  return part && 'text' in part ? part.text : undefined;
};

describe('DocumentsAgent', () => {
  it('describes a text: statistics and key terms', async () => {
    const run = await describeAll([{ text: 'Rivers carry water. Rivers carve valleys.\n\nWater shapes valleys.' }]);
    expect(states(run)).toEqual(['WORKING', 'COMPLETED']);
    expect(reportOf(run)).toContain(
      '| unique words | 6 |\n| sentences | 3 |\n| paragraphs | 2 |\n| reading seconds | 3 |',
    );
    expect(reportOf(run)).toContain('### key terms\n\n| term | count |\n| --- | --- |\n| rivers | 2 |\n');
  });

  it('streams the report section by section: the first makes the artifact, the last closes it', async () => {
    const chunks = artifactEvents(await describeAll([{ text: 'A text.' }]), 'report');
    expect(chunks).toHaveLength(4);
    expect(chunks.map(({ append }) => append ?? false)).toEqual([false, true, true, true]);
    expect(chunks.map(({ lastChunk }) => lastChunk ?? false)).toEqual([false, false, false, true]);
    expect(chunks[0]?.artifact).toMatchObject({ name: 'report', parts: [{ mediaType: 'text/markdown' }] });
  });

  it('describes the structure of Markdown, and counts its prose only', async () => {
    const text = '# Guide\n\nSee [it](https://example.com).\n\n## Use *it*\n\n```ts\nconst code = 1;\n```\n';
    const run = await describeAll([file(text, 'text/markdown', 'guide.md')]);
    expect(reportOf(run)).toContain('### headings\n\n| level | text |\n| --- | --- |\n| 1 | Guide |\n| 2 | Use it |\n');
    expect(figuresOf(run)).toMatchObject({
      documents: [{ name: 'guide.md', kind: 'markdown', lines: 9, text: { words: 5 }, markdown: { codeBlocks: 1 } }],
    });
  });

  it('describes a table: types, missing values, figures and what is wrong', async () => {
    const text = '\uFEFFname;price\r\n"A; ""x""\nB";1,5\r\nC;\r\nD;2,5;9\r\n';
    const run = await describeAll([file(text, 'text/csv', 'prices.csv')]);
    const report = reportOf(run);
    expect(report).toContain('| name | text | 0 | 3 |  |  |  |\n| price | number | 1 | 2 | 1.5 | 2.5 | 2 |');
    expect(report).toContain('### ragged\n\n| row | fields |\n| --- | --- |\n| 3 | 3 |');
    expect(figuresOf(run)).toMatchObject({
      documents: [{ kind: 'csv', csv: { delimiter: ';', rows: 3, ragged: [{ row: 3, fields: 3 }] } }],
    });
  });

  it('describes several documents in one report', async () => {
    const run = await describeAll([file('a,b\n1,2', 'text/csv', 'a.csv'), file('Hello.', 'text/plain', 'b.txt')]);
    expect(states(run)).toEqual(['WORKING', 'WORKING', 'COMPLETED']);
    expect(reportOf(run)).toMatch(/^## a\.csv\n[^]*\n## b\.txt\n[^]*\nDocuments: 2, bytes: 13\.\n$/);
    expect(artifactEvents(run, 'report').filter(({ append }) => !append)).toHaveLength(1);
  });

  it('says of an empty document that there is nothing in it', async () => {
    const empty = [file('', 'text/csv', 'a.csv'), file('', 'text/markdown', 'b.md')];
    const run = await describeAll([...empty, { text: 'x', filename: 'c' }]);
    expect(reportOf(run)).toContain('| rows | 0 |');
    expect(reportOf(run)).toContain('| words | 0 |');
    expect(states(run).at(-1)).toBe('COMPLETED');
  });

  it('gives figures that are plain JSON', async () => {
    const run = await describeAll([file('a,b\nx,1\n', 'text/csv', 'a.csv'), { text: 'Привет', filename: 'b.txt' }]);
    const figures = figuresOf(run);
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it('keeps the text of a document from being Markdown of the report', async () => {
    const run = await describeAll([file('a|b <x>,"#\n# c"\n1,2', 'text/csv', '`x` [y](z).csv')]);
    expect(reportOf(run)).toContain('## \\`x\\` \\[y\\](z).csv\n');
    expect(reportOf(run)).toContain('| a\\|b \\<x\\> | integer |');
    expect(reportOf(run)).toContain('| \\# \\# c | integer |');
  });

  it('asks when there is no document, and goes on with the follow-up', async () => {
    const first = await describeAll([{ data: { please: 'help' } }]);
    expect(states(first)).toEqual(['INPUT_REQUIRED']);
    expect(statusText(first)).toContain('Which document?');
    const second = await describeAll([{ text: 'This one.' }], undefined, 2);
    expect(states(second)).toEqual(['WORKING', 'COMPLETED']);
  });

  it('G14: refuses addresses, and fetches nothing', async () => {
    const run = await describeAll([{ url: 'https://example.com/a.csv' }, { text: 'this, please' }]);
    expect(run.sink.brief).toEqual(['REJECTED']);
    expect(statusText(run)).toContain('I do not fetch addresses');
  });

  it.each<[string, Part[], DocumentsOptions, string]>([
    ['bytes that are not UTF-8', [{ raw: '/w==', filename: 'a.txt' }], {}, "'a.txt' is not valid UTF-8"],
    ['too many bytes', [{ text: 'hello' }], { maxBytes: 4 }, 'have 5 bytes; send at most 4'],
    ['too many documents', [{ raw: 'QQ==' }, { raw: 'QQ==' }], { maxDocuments: 1 }, 'There are 2 documents'],
    ['too many columns', [file(','.repeat(1000), 'text/csv', 'a.csv')], {}, 'has 1001 columns'],
  ])('fails clearly on %s', async (_, parts, options, words) => {
    const run = await describeAll(parts, options);
    expect(states(run).at(-1)).toBe('FAILED');
    expect(statusText(run)).toContain(words);
  });

  it.each([
    ['text/plain', 'word '],
    ['text/csv', 'a,b\n'],
    ['text/markdown', '# a\n'],
  ])('stops when it is aborted while it reads %s', async (mediaType, line) => {
    const run = agentRun({ message: asked({ text: line.repeat(500_000), mediaType }) });
    const running = new DocumentsAgent().execute(run.context, run.updater);
    run.abort.abort(new RunAborted('canceled'));
    await expect(running).rejects.toBe(run.abort.signal.reason);
    expect(run.sink.brief).toEqual(['WORKING']);
  });
});

describe('DocumentsAgent, given a hostile document', () => {
  const MB = 1_000_000;
  it.each([
    ['quotes', '"'.repeat(10 * MB), 'text/csv', 'FAILED'],
    ['an unclosed quote', `a,b\n"${'x'.repeat(MB / 2)}`, 'text/csv', 'FAILED'],
    ['a record without an end', 'x'.repeat(2 * MB), 'text/csv', 'FAILED'],
    ['more columns than it takes', ','.repeat(MB), 'text/csv', 'FAILED'],
    ['many rows', 'a,b\n'.repeat(MB / 8), 'text/csv', 'COMPLETED'],
    ['unclosed brackets', '['.repeat(MB / 10), 'text/markdown', 'COMPLETED'],
    ['nested quotations', '> '.repeat(MB / 2), 'text/markdown', 'COMPLETED'],
    ['a large Markdown table', `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(MB / 60)}`, 'text/markdown', 'COMPLETED'],
    ['one word', 'x'.repeat(5 * MB), 'text/plain', 'COMPLETED'],
  ])('lets others work on %s, and ends', async (_, content, mediaType, state) => {
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const run = await describeAll([file(content, mediaType, 'hostile')], { maxBytes: 20 * MB });
    clearInterval(others);
    expect(states(run).at(-1)).toBe(state);
    expect(turns).toBeGreaterThan(2);
  });

  it('refuses 10 MB and binary files', async () => {
    const large = await describeAll([file('x'.repeat(10 * MB), 'text/csv', 'large.csv')]);
    expect(statusText(large)).toContain('have 10000000 bytes; send at most 5000000');
    const binary = await describeAll([
      { raw: Buffer.from([0x89, 0x50, 0, 0xff]).toString('base64'), filename: 'a.md' },
    ]);
    expect(statusText(binary)).toContain("'a.md' is not valid UTF-8");
  });
});
