import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '../src/protocol/ids.js';
import { RunAborted } from '../src/agents/agent-executor.interface.js';
import type { StreamResponse } from '../src/protocol/model/index.js';
import type { CallContext } from '../src/security/call-context.js';
import { pendingEvent } from '../src/tasks/pending-event.js';
import { RUN_STORE, type RunStore } from '../src/tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { agentOf, Gate } from './support/agent-of.js';
import { inboxPuts } from './support/inbox-puts.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { untilAborted } from './support/until-aborted.js';

const caller: CallContext = {
  owner: 'anonymous',
  tenant: '',
  agent: 'test',
  protocolVersion: '1.0',
  requestedExtensions: [],
};

describe.each(STORAGES)('those who wait for a task that another process runs, on %s', (storage) => {
  let app: TestApp | undefined;
  afterEach(() => app?.close());

  /** A task that a replica which says nothing has begun. */
  async function elsewhere(): Promise<string> {
    app = await TestApp.start({ storage, agents: [agentOf(() => undefined)], execution: { drainMs: 0 } });
    const [taskId, contextId] = [newId(), newId()];
    await app.app.get<RunStore>(RUN_STORE, { strict: false }).registerReplica('other', 60_000);
    const status = { state: 'TASK_STATE_WORKING' as const, timestamp: new Date().toISOString() };
    const event = pendingEvent({ task: { id: taskId, contextId, status } });
    const task = { taskId, contextId, event, runOwner: 'other', messageId: newId(), digest: '' };
    await app.app.get<TaskStore>(TASK_STORE, { strict: false }).create(caller, task);
    return taskId;
  }

  it('are sent away by a shutdown, with an error that tells them to come back', async () => {
    const taskId = await elsewhere();
    const isPut = inboxPuts(app!);
    const waiting = app!.rpc().call('SendMessage', { message: textMessage('and?', { taskId }) });
    const stream = await app!.rpc().stream('SubscribeToTask', { id: taskId });
    const streamed = stream.results<StreamResponse>();
    await isPut(1);
    const closing = app!.close();
    app = undefined;
    expect((await waiting).error?.message).toMatch(/shutting down/);
    expect(await streamed).toHaveLength(1);
    await closing;
  });

  it('hear of its end without being told', async () => {
    const taskId = await elsewhere();
    const streamed = (await app!.rpc().stream('SubscribeToTask', { id: taskId })).results<StreamResponse>();
    const status = { state: 'TASK_STATE_COMPLETED' as const, timestamp: new Date().toISOString() };
    const store = app!.app.get<TaskStore>(TASK_STORE, { strict: false });
    const head = await store.head(caller, taskId);
    const event = pendingEvent({ statusUpdate: { taskId, contextId: head!.contextId, status } });
    await store.append({ run: head!, firstSeq: 2, events: [event] });
    expect(await streamed).toMatchObject([{ task: {} }, { statusUpdate: { status } }]);
  });
});

it('a reader who is not shown all yet is told by a shutdown why the task ends', async () => {
  const going = new Gate();
  const agent = agentOf(async (_context, updater) => {
    await going.opened;
    for (let n = 0; n < 200; n++) await updater.addArtifact(`${n}`);
    await new Promise(() => undefined);
  });
  const app = await TestApp.start({ agents: [agent], execution: { drainMs: 0 } });
  const stream = await app.rpc().stream('SendStreamingMessage', { message: textMessage('go') });
  const frames = stream[Symbol.asyncIterator]();
  await frames.next();
  going.open();
  await frames.next();
  const closing = app.close();
  let last = '';
  for await (const { data } of frames) last = data;
  expect(last).toContain('SHUTDOWN');
  await closing;
});

describe('the reasons of an ended turn', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('are told in a message that holds its ids, its text and a reason, and nothing of this process', async () => {
    const agent = agentOf(
      async (context) => {
        await untilAborted(context);
        throw new RunAborted('deadline');
      },
      { deadlineMs: 20 },
    );
    app = await TestApp.start({ agents: [agent] });
    const { task } = await app.rpc().result<{ task: { status: { message: object } } }>('SendMessage', {
      message: textMessage('hi'),
    });
    expect(Object.keys(task.status.message).sort()).toEqual(
      ['contextId', 'messageId', 'metadata', 'parts', 'role', 'taskId'].sort(),
    );
    expect(task).toMatchObject({
      status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'DEADLINE' } } },
    });
  });
});
