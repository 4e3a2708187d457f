import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { lastValueFrom } from 'rxjs';
import { A2aAgent, A2aTasks, type AuditEntry, type RequestContext, type Task, type TaskUpdater } from '../src/index.js';
import { NotMallory } from './support/not-mallory.js';
import { TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

@A2aAgent({ id: 'test', description: 'A test', skills: [{ id: 't', name: 'T', description: 'A test', tags: ['t'] }] })
@UseGuards(NotMallory)
class TestAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    if (context.userText === 'ask') return updater.requiresInput('more?');
    await updater.addArtifact('done');
  }
}

const BOB = { agent: 'test', owner: 'bob', tenant: 'acme' };
const OWN = { kind: 'operation', ...BOB, binding: 'in-process', version: '1.0' };

let app: TestApp;
let tasks: A2aTasks;
const entries: AuditEntry[] = [];
const write = async (records: readonly { readonly entry: AuditEntry }[]): Promise<void> =>
  void entries.push(...records.map(({ entry }) => entry));

beforeAll(async () => {
  app = await TestApp.start({ agents: [TestAgent], audit: { sink: { write }, flushMs: 0, reads: true } });
  tasks = app.app.get(A2aTasks, { strict: false });
});
afterAll(() => app.close());

it('has calls of the own code of the application as it has those of clients', async () => {
  const { task } = (await tasks.send('ask', BOB)) as { task: Task };
  await lastValueFrom(tasks.stream('hi', BOB));
  await tasks.get(task.id, BOB);
  await tasks.list({}, BOB);
  await tasks.cancel(task.id, BOB);
  await lastValueFrom(tasks.events$(task.id, BOB));
  await expect(tasks.cancel(task.id, { ...BOB, owner: 'eve' })).rejects.toThrow('not found');
  await expect(tasks.send('hi', { ...BOB, owner: 'mallory' })).rejects.toThrow();
  await until(() => entries.length >= 8);
  const { id: taskId } = task;
  expect(entries).toEqual([
    { ...OWN, action: 'SendMessage', outcome: 'ok', taskId },
    { ...OWN, action: 'SendStreamingMessage', outcome: 'ok', taskId: expect.any(String) },
    { ...OWN, action: 'GetTask', outcome: 'ok', taskId },
    { ...OWN, action: 'ListTasks', outcome: 'ok' },
    { ...OWN, action: 'CancelTask', outcome: 'ok', taskId },
    { ...OWN, action: 'SubscribeToTask', outcome: 'ok', taskId },
    { ...OWN, owner: 'eve', action: 'CancelTask', outcome: 'not-found', reason: 'TASK_NOT_FOUND', taskId },
    { ...OWN, owner: 'mallory', action: 'SendMessage', outcome: 'forbidden', reason: 'PERMISSION_DENIED' },
  ]);
});
