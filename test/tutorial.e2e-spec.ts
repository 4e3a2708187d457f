import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fencesOf } from './support/markdown.js';
import { Program } from './support/program.js';
import { curl } from './support/run-curl.js';
import { ROOT, compile, emptyProject, writeSnippets } from './support/snippets.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';
import { until } from '../src/testing/contracts/until.js';

interface Frame {
  readonly id: number;
  readonly data: {
    readonly task?: { readonly id: string };
    readonly statusUpdate?: {
      readonly status: { readonly state: string; readonly message?: { readonly parts: Text[] } };
    };
    readonly artifactUpdate?: { readonly artifact: { readonly parts: Text[] } };
  };
}
interface Text {
  readonly text: string;
}

const framesOf = (text: string): Frame[] =>
  text.split('\n\n').flatMap((frame) => {
    const [, id = ''] = /^id: (\d+)$/m.exec(frame) ?? [];
    const [, data = ''] = /^data: (.*)$/m.exec(frame) ?? [];
    return data === '' ? [] : [{ id: Number(id), data: JSON.parse(data) as Frame['data'] }];
  });

const textOf = (frames: readonly Frame[]): string =>
  frames.flatMap(({ data }) => data.artifactUpdate?.artifact.parts.map(({ text }) => text) ?? []).join('');

const stateOf = (frames: readonly Frame[]): string | undefined => frames.at(-1)?.data.statusUpdate?.status.state;

const linesOn = (city: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}. A line on ${city}.\n`).join('');

/** The code blocks of each numbered part. */
const [, ...STEPS] = readFileSync(path.join(ROOT, 'docs', 'tutorial.md'), 'utf8')
  .split(/^## (?=\d)/m)
  .map((part) => fencesOf(part));
const curls = STEPS.map((fences) => fences.flatMap(({ text }) => (text.startsWith('curl') ? [text.trim()] : [])));

describe('the tutorial', () => {
  const project = emptyProject('tutorial');
  let database: TestDatabase;
  const running: Program[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    for (const program of running) await program.stop();
    rmSync(project, { recursive: true, force: true });
    await database.drop();
  });

  /** The folder as the reader has it in a step. */
  function made(step: number): void {
    writeSnippets(project, STEPS[step - 1] ?? []);
    expect(compile(project)).toBe('');
  }

  async function start(file: string, env: Record<string, string> = {}): Promise<Program> {
    const program = await Program.start({
      command: process.execPath,
      args: ['--import', `data:text/javascript,${encodeURIComponent(SAY_WHERE)}`, file],
      cwd: project,
      env: { PORT: '0', DATABASE_URL: database.url, ...env },
      ready: (line) => /It listens on (\S+)/.exec(line)?.[1],
    });
    running.push(program);
    return program;
  }

  /** A stream of the page, under ids of this test's own. */
  async function streamed(command: string, app: Program, task = ''): Promise<Frame[]> {
    return framesOf(await curl(command.replaceAll('TASK', task).replace(':3001', ':3000'), app.url));
  }

  it('has four steps with their commands', () => {
    expect(curls.map((commands) => commands.length)).toEqual([1, 2, 1, 1]);
  });

  it('1: streams', async () => {
    made(1);
    const app = await start('src/main.js');
    const frames = await streamed(curls[0]![0]!, app);
    expect(frames.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect([textOf(frames), stateOf(frames)]).toEqual([linesOn('Lima', 3), 'TASK_STATE_COMPLETED']);
    await app.stop();
  }, 120_000);

  it('2: asks, and goes on with the answer', async () => {
    made(2);
    const app = await start('src/main.js');
    const [ask = '', answer = ''] = curls[1]!;
    const asked = await streamed(ask, app);
    expect(stateOf(asked)).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(asked.at(-1)?.data.statusUpdate?.status.message?.parts).toEqual([{ text: 'How many lines on Lima?' }]);
    const frames = await streamed(answer, app, asked[0]?.data.task?.id);
    expect([textOf(frames), stateOf(frames)]).toEqual([linesOn('Lima', 3), 'TASK_STATE_COMPLETED']);
    await app.stop();
  }, 120_000);

  it('3: survives kill -9: each line is written once, and each event is read once', async () => {
    made(3);
    const killed = await start('src/main.js');
    const [ask = '', answer = ''] = curls[1]!;
    const id = (await streamed(ask.replace('m-2', 'm-4'), killed))[0]?.data.task?.id ?? '';
    const twenty = answer.replace('m-3', 'm-5').replace('"3"', '"20"').replace('TASK', id);
    expect(twenty).toContain('"20"');
    const file = path.join(project, 'events.txt');
    writeFileSync(file, '');
    const cut = curl(`{ ${twenty}; } >'${file}' || true`, killed.url);
    await until(() => readFileSync(file, 'utf8').includes('2. A line'));
    await killed.stop('SIGKILL');
    await cut;
    const text = readFileSync(file, 'utf8');
    // The kill may have cut an event in two.
    const seen = framesOf(text.slice(0, text.lastIndexOf('\n\n')));
    expect(textOf(seen)).toContain('2. A line on Lima.');
    expect(textOf(seen)).not.toContain('20. A line');
    const app = await start('src/main.js');
    const last = seen.at(-1)?.id ?? 0;
    const rest = await streamed(curls[2]![0]!.replace('after=5', `after=${last}`), app, id);
    expect(rest.map(({ id: seq }) => seq)).toEqual(rest.map((_, index) => last + 1 + index));
    expect(textOf([...seen, ...rest])).toBe(linesOn('Lima', 20));
    expect(stateOf(rest)).toBe('TASK_STATE_COMPLETED');
  }, 120_000);

  it('4: calls another agent', async () => {
    made(4);
    const writer = running.at(-1)!;
    const planner = await start('src/planner.main.js', { WRITER_URL: `${writer.url}/a2a/agents/writer` });
    const frames = await streamed(curls[3]![0]!, planner);
    expect(textOf(frames)).toBe(`Your trip to Lima:\n${linesOn('Lima', 3)}`);
    expect(stateOf(frames)).toBe('TASK_STATE_COMPLETED');
  }, 120_000);
});

/** Before the program of the page: it says where its server listens. */
const SAY_WHERE = `
import { Server } from 'node:http';
const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  this.once('listening', () => console.log('It listens on http://127.0.0.1:' + this.address().port));
  return listen.apply(this, args);
};`;
