import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileStorage } from '../examples/file-storage/file.storage.js';
import type { Task } from '../src/protocol/model/index.js';
import { SafeLogger } from '../src/common/safe-logger.js';
import { caller } from '../src/testing/contracts/fixtures.js';
import { agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { ROOT } from './support/snippets.js';
import { TestApp } from './support/test-app.js';

const BUILD = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');
const RUNNER = path.join(ROOT, 'test', 'support', 'file-storage.runner.mjs');

describe('the storage on plain files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'a2a-tasks-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('has the tasks of an application that was started again, and lets it go on with them', async () => {
    const agents = [
      agentOf(({ turn, userText }, updater) =>
        turn === 1 ? updater.requiresInput(`Why ${userText}?`) : updater.complete(`Because ${userText}.`),
      ),
    ];
    const started = (): Promise<TestApp> => TestApp.start({ agents, on: fileStorage({ directory }) });
    const send = async (app: TestApp, text: string, taskId?: string): Promise<Task> => {
      const message = { ...textMessage(text), ...(taskId !== undefined && { taskId }) };
      return (await app.rpc().result<{ task: Task }>('SendMessage', { message })).task;
    };
    const first = await started();
    const asked = await send(first, 'files').finally(() => first.close());
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const second = await started();
    try {
      expect(await second.rpc().result('GetTask', { id: asked.id })).toEqual(asked);
      const answered = await send(second, 'nothing else runs', asked.id);
      expect(answered).toMatchObject({ id: asked.id, status: { state: 'TASK_STATE_COMPLETED' } });
      expect(await readdir(directory)).toEqual([`${asked.id}.json`]);
    } finally {
      await second.close();
    }
  });

  it('has each event that was acknowledged before kill -9', async () => {
    const child = spawn(process.execPath, [RUNNER, BUILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    const [taskId = '', ...seqs] = await linesUntil(child.stdout, 30, () => child.kill('SIGKILL'));
    await ended;
    const acknowledged = Number(seqs.at(-1));
    // What a kill between two steps leaves: a file that was not put into its place.
    await writeFile(path.join(directory, `${taskId}.json.new`), '{"taskId":');
    const stores = await fileStorage({ directory }).open({ logger: new SafeLogger('Storage') });
    const context = caller({ owner: 'alice' });
    const found = await stores.tasks.get(context, taskId);
    expect(found?.seq).toBeGreaterThanOrEqual(acknowledged);
    const texts = found?.task.artifacts?.[0]?.parts.map((part) => (part as { text: string }).text).join('');
    expect(texts).toBe(Array.from({ length: found!.seq - 1 }, (_, index) => `${index + 2} `).join(''));
    expect(await stores.tasks.byMessageId(context, 'm')).toEqual({ taskId, digest: 'd' });
    // The run of the killed process is found, and its task goes on here.
    expect((await stores.runs.orphanedRuns(10, ['lab'])).map((record) => record.taskId)).toEqual([taskId]);
    expect(await stores.runs.takeover(taskId, 'next')).toMatchObject({ attempt: 2, crashes: 1, lastSeq: found?.seq });
    await stores.close();
  });
});

/** Calls `then` after so many lines, and gives all lines up to the end. */
async function linesUntil(stream: NodeJS.ReadableStream, count: number, then: () => void): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) if (lines.push(line) === count) then();
  return lines;
}
