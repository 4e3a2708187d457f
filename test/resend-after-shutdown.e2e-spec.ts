import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../src/protocol/model/index.js';
import { DrainService } from '../src/execution/drain.service.js';
import { agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

describe('a message whose task was ended by a shutdown', () => {
  let database: TestDatabase;
  let leaving: TestApp;
  let heir: TestApp;
  let runs = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const execution = { drainMs: 0 };
    const hanging = agentOf(() => new Promise<never>(() => undefined));
    const answering = agentOf(async ({ userText }, updater) => {
      runs++;
      if (userText === 'fail') throw new Error('as it was told');
      await updater.addArtifact(userText);
    });
    leaving = await TestApp.start({ databaseUrl: database.url, agents: [hanging], execution });
    heir = await TestApp.start({ databaseUrl: database.url, agents: [answering], execution });
  });
  afterAll(async () => {
    await Promise.all([heir.close(), leaving.close()]);
    await database.drop();
  });

  const send = async (message: unknown): Promise<Task> =>
    (await heir.rpc().result<{ task: Task }>('SendMessage', { message })).task;

  it('starts anew when it is sent again under the same id: once, however often that is', async () => {
    const message = textMessage('hello');
    const configuration = { returnImmediately: true };
    const { task } = await leaving.rpc().result<{ task: Task }>('SendMessage', { message, configuration });
    await leaving.app.get(DrainService, { strict: false }).drain();
    const failed = await heir.rpc().result<Task>('GetTask', { id: task.id });
    expect(failed.status).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason: 'SHUTDOWN' }, parts: [{ text: /Send the message again, without a task id/ }] },
    } as object);

    const again = await Promise.all(Array.from({ length: 5 }, () => send(message)));
    const [first] = again;
    expect(new Set(again.map(({ id }) => id)).size).toBe(1);
    expect(first?.id).not.toBe(task.id);
    expect(first).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'hello' }] }],
    });
    await sleep(100);
    expect((await send(message)).id).toBe(first?.id);
    expect(runs).toBe(1);
    expect((await heir.rpc().result<Task>('GetTask', { id: task.id })).status.state).toBe('TASK_STATE_FAILED');
  });

  it('does not start anew when it was the agent that failed', async () => {
    runs = 0;
    const message = textMessage('fail');
    const failed = await send(message);
    expect(failed.status.state).toBe('TASK_STATE_FAILED');
    expect((await send(message)).id).toBe(failed.id);
    expect(runs).toBe(1);
  });
});
