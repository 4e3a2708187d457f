import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

describe.each(STORAGES)('a message sent again while no more tasks may wait, on %s', (storage) => {
  let app: TestApp;
  const gate = new Gate();
  const started = new Gate();
  beforeAll(async () => {
    const agent = agentOf(async ({ userText }, updater) => {
      started.open();
      await gate.opened;
      await updater.addArtifact(userText);
    });
    app = await TestApp.start({ storage, agents: [agent], execution: { maxRuns: 1, maxWaitingPerOwner: 2 } });
  });
  afterAll(() => app.close());

  const begin = async (message: unknown): Promise<Task> => {
    const params = { message, configuration: { returnImmediately: true } };
    return (await app.rpc().result<{ task: Task }>('SendMessage', params)).task;
  };

  it('is answered as a retry, while others are refused', async () => {
    const messages = ['runs', 'waits', 'waits too'].map((text) => textMessage(text));
    const tasks: Task[] = [];
    for (const message of messages) {
      tasks.push(await begin(message));
      // The first one waits no more once its agent is called.
      await started.opened;
      // Retries take no place in the line.
      for (let times = 0; times < 3; times++) expect((await begin(message)).id).toBe(tasks.at(-1)?.id);
    }
    const refused = await app.rpc().call('SendMessage', { message: textMessage('one more') });
    expect(refused.error?.code).toBe(-32049);
    for (const [index, message] of messages.entries()) expect((await begin(message)).id).toBe(tasks[index]?.id);
    const streams = await Promise.all(messages.map((message) => app.rpc().stream('SendStreamingMessage', { message })));
    gate.open();
    for (const [index, stream] of streams.entries()) {
      const events = await stream.results<StreamResponse>();
      expect(events[0]).toMatchObject({ task: { id: tasks[index]?.id } });
      expect(events.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    }
  });
});
