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
  it('describes a text: lines and words', async () => {
    const run = await describeAll([{ text: 'Rivers carry water. Rivers carve\nvalleys.\n\nWater shapes valleys.\n' }]);
    expect(states(run)).toEqual(['WORKING', 'COMPLETED']);
    expect(reportOf(run)).toContain('| bytes | 65 |\n| lines | 4 |\n| words | 9 |\n');
  });

  it('counts the words of a long text that is read in pieces', async () => {
    const run = await describeAll([{ text: 'One two three.\nFour five six 😀.\n\n'.repeat(2000) }]);
    expect(figuresOf(run)).toMatchObject({ documents: [{ lines: 6000, words: 12_000 }] });
  });

  it('streams the report section by section: the title makes the artifact, the last line closes it', async () => {
    const chunks = artifactEvents(await describeAll([{ text: 'A text.' }]), 'report');
    expect(chunks).toHaveLength(3);
    expect(chunks.map(({ append }) => append ?? false)).toEqual([false, true, true]);
    expect(chunks.map(({ lastChunk }) => lastChunk ?? false)).toEqual([false, false, true]);
    expect(chunks[0]?.artifact).toMatchObject({ name: 'report', parts: [{ mediaType: 'text/markdown' }] });
  });

  it('describes the structure of Markdown, and counts its prose only', async () => {
    const text =
      '---\ntitle: x\n---\n# Guide\n\nSee [it](https://example.com).\n\n## Use *it*\n\n```ts\nconst code = 1;\n```\n';
    const run = await describeAll([file(text, 'text/markdown', 'guide.md')]);
    expect(reportOf(run)).toContain('### headings\n\n| level | text |\n| --- | --- |\n| 1 | Guide |\n| 2 | Use it |\n');
    expect(figuresOf(run)).toMatchObject({
      documents: [{ name: 'guide.md', kind: 'markdown', words: 5, links: 1 }],
    });
  });

  it('reads Markdown of many pieces as a whole', async () => {
    const text = '## A heading\n\nSome words, and a\n[link](x).\n\n```\ncode\n\ncode\n```\n\n'.repeat(1500);
    const run = await describeAll([file(text, 'text/markdown', 'long.md')]);
    expect(figuresOf(run)).toMatchObject({ documents: [{ words: 10_500, links: 1500 }] });
    expect(artifactEvents(run, 'report').at(-2)?.artifact.parts[0]).toMatchObject({
      text: expect.stringMatching(/^### headings\n\n(\|.*\|\n){1002}\n$/),
    });
  });

  it('describes a table: types, missing values, figures and what is wrong', async () => {
    const text = '\uFEFF\r\nname;price;code;note\r\n"A; ""x""\nB";1.5;007;\r\n\r\nC;;010\r\nD;-2.5e1;011;;9\r\n';
    const run = await describeAll([file(text, 'text/csv', 'prices.csv')]);
    const report = reportOf(run);
    expect(report).toContain('| delimiter | ; |\n| rows | 3 |\n| ragged | 2 |\n');
    expect(report).toContain(
      '| name | text | 0 |  |  |  |\n| price | number | 1 | -25 | 1.5 | -11.75 |\n' +
        '| code | text | 0 |  |  |  |\n| note | empty | 3 |  |  |  |\n',
    );
    const price = { name: 'price', type: 'number', missing: 1, min: -25, max: 1.5, mean: -11.75 };
    expect(figuresOf(run)).toMatchObject({
      documents: [{ kind: 'csv', rows: 3, ragged: 2, columns: [{}, price, {}, {}] }],
    });
  });

  it('describes several documents in one report', async () => {
    const run = await describeAll([file('a,b\n1,2', 'text/csv', 'a.csv'), file('Hello.', 'text/plain', 'b.txt')]);
    expect(states(run)).toEqual(['WORKING', 'WORKING', 'COMPLETED']);
    expect(reportOf(run)).toMatch(/^## a\.csv\n[^]*\n## b\.txt\n[^]*\nDocuments: 2\.\n$/);
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
    expect(reportOf(run)).toContain('| a\\|b \\<x\\> | number |');
    expect(reportOf(run)).toContain('| \\# \\# c | number |');
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
    await expect(running).rejects.toMatchObject({ name: 'AbortError', cause: run.abort.signal.reason });
    expect(run.sink.brief).toEqual(['WORKING', '## document 1\n\n']);
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
