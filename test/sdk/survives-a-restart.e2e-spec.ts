import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fencesOf } from '../support/markdown.js';
import { Program } from '../support/program.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ROOT, compile, emptyProject, writeSnippets } from '../support/snippets.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

const PAGE = path.join(ROOT, 'docs', 'coming-from-a2a-js.md');
const FILES = ['app.module.ts', 'countdown.executor.ts', 'countdown.card.ts', 'main.ts'];

interface Task {
  id: string;
  status: { state: string };
  artifacts: { artifactId: string; parts: { text: string }[] }[];
}

describe('the application of docs/coming-from-a2a-js.md', () => {
  let directory: string;
  let database: TestDatabase;
  let program: Program;

  const start = (): Promise<Program> =>
    Program.start({
      command: process.execPath,
      args: ['main.js'],
      cwd: directory,
      ready: (line) => /It listens on (\S+)/.exec(line)?.[1],
    });
  const rpc = (): RpcClient => new RpcClient(`${program.url}/a2a/agents/countdown`);

  beforeAll(async () => {
    database = await createTestDatabase();
    directory = emptyProject('coming-from-a2a-js');
    const fences = fencesOf(readFileSync(PAGE, 'utf8'));
    writeSnippets(
      directory,
      fences.filter(({ name }) => name !== undefined && FILES.includes(name)),
    );
    replace('app.module.ts', 'postgres://localhost/app', database.url);
    replace(
      'main.ts',
      "await app.listen(3000, '127.0.0.1');",
      "await app.listen(0, '127.0.0.1');\nconsole.log(`It listens on ${await app.getUrl()}`);",
    );
    expect(compile(directory)).toBe('');
    program = await start();
  }, 240_000);

  function replace(file: string, what: string, by: string): void {
    const text = readFileSync(path.join(directory, file), 'utf8');
    expect(text).toContain(what);
    writeFileSync(path.join(directory, file), text.replace(what, by));
  }

  afterAll(async () => {
    await program?.stop('SIGKILL');
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('completes a task that its process was killed in, with each chunk once', async () => {
    const stream = await rpc().stream('SendStreamingMessage', { message: textMessage('go') });
    let id = '';
    for await (const { data } of stream) {
      const { task, artifactUpdate } = (
        JSON.parse(data) as { result: { task?: Task; artifactUpdate?: Task['artifacts'] } }
      ).result;
      if (task) ({ id } = task);
      if (JSON.stringify(artifactUpdate ?? '').includes('"7 "')) break;
    }
    await program.stop('SIGKILL');
    program = await start();
    // The lease of the killed process ends after 8 s, and the turn is run again.
    let ended = await rpc().result<Task>('GetTask', { id });
    for (let tries = 0; tries < 300 && ended.status.state === 'TASK_STATE_WORKING'; tries++) {
      await sleep(200);
      ended = await rpc().result<Task>('GetTask', { id });
    }
    expect(ended.status.state).toBe('TASK_STATE_COMPLETED');
    const [countdown] = ended.artifacts;
    expect(countdown?.parts.map(({ text }) => text).join('')).toBe('10 9 8 7 6 5 4 3 2 1 ');
    // The turn began twice.
    const log = await (await rpc().stream('SubscribeToTask', { id }, { 'Last-Event-ID': '1' })).all();
    expect(log.filter(({ data }) => data.includes('"10 "'))).toHaveLength(2);
  });
});
