import { expect, it } from '@jest/globals';
import { type Message, SendMessageRequest, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import { randomUUID } from 'node:crypto';
import { labChunk } from '../../examples/lab/lab-chunk.js';

export const request = (text: string, taskId?: string): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: { messageId: randomUUID(), role: 'ROLE_USER', taskId, parts: [{ text }] } });

export async function send(client: Client, text: string, taskId?: string): Promise<Task> {
  const result: Task | Message = await client.sendMessage(request(text, taskId));
  if (!('status' in result)) throw new Error('a task was expected');
  return result;
}

export const textOf = (task: Task): string =>
  task.artifacts
    .flatMap(({ parts }) => parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')))
    .join('');

/** What a page of two completed tasks is asked for by. */
export const COMPLETED_TASKS = {
  tenant: '',
  contextId: '',
  status: TaskState.TASK_STATE_COMPLETED,
  pageSize: 2,
  pageToken: '',
  statusTimestampAfter: undefined,
};

async function all(stream: AsyncIterable<StreamResponse>): Promise<StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** What the official client does with the lab agent in the same way over all bindings. `clientOf` is asked within the tests. */
export function describeOfficialClient(version: string, clientOf: () => Client): void {
  it('speaks that version', () => expect(clientOf().protocolVersion).toMatch(version));

  it('sends and is answered with the completed task', async () => {
    const task = await send(clientOf(), 'echo hello');
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(textOf(task)).toBe('hello');
  });

  it('streams', async () => {
    const events = await all(clientOf().sendMessageStream(request('stream 50 64')));
    expect(events[0]?.payload?.$case).toBe('task');
    const chunks = events.flatMap(({ payload }) =>
      payload?.$case === 'artifactUpdate' ? (payload.value.artifact?.parts ?? []) : [],
    );
    const texts = chunks.map(({ content }) => (content?.$case === 'text' ? content.value : ''));
    expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => labChunk(i, 64)));
    const last = events.at(-1)?.payload;
    expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
  });

  it('follows up on a question', async () => {
    const asked = await send(clientOf(), 'ask');
    expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
    const done = await send(clientOf(), 'forty-two', asked.id);
    expect(done.id).toBe(asked.id);
    expect(done.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(textOf(done)).toContain('forty-two');
  });

  it('cancels, also a run that does not obey', async () => {
    for (const text of ['sleep 60000', 'hang']) {
      const begun = await clientOf().sendMessage({
        ...request(text),
        configuration: { acceptedOutputModes: [], returnImmediately: true, taskPushNotificationConfig: undefined },
      });
      const canceled = await clientOf().cancelTask({ id: (begun as Task).id, tenant: '', metadata: undefined });
      expect(canceled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
    }
  });

  it('subscribes to a running task', async () => {
    const stream = clientOf().sendMessageStream(request('stream 100 64 30'));
    const first = (await stream.next()).value as StreamResponse;
    const id = first.payload?.$case === 'task' ? first.payload.value.id : '';
    const [own, other] = await Promise.all([all(stream), all(clientOf().resubscribeTask({ id, tenant: '' }))]);
    expect(other[0]?.payload?.$case).toBe('task');
    expect(other.slice(1)).toEqual(own.slice(own.length - other.length + 1));
  });

  it('gets the error of a task that is not there', async () => {
    await expect(clientOf().getTask({ id: randomUUID(), tenant: '' })).rejects.toThrow(/not found/i);
  });

  // v0.3 has no such call over JSON-RPC and gRPC, and this client none over HTTP+JSON.
  if (version === '0.3') return;

  it('lists', async () => {
    for (let i = 0; i < 3; i++) await send(clientOf(), 'echo listed');
    const page = await clientOf().listTasks(COMPLETED_TASKS);
    expect(page.tasks).toHaveLength(2);
    expect(page.totalSize).toBeGreaterThan(2);
    expect(page.nextPageToken).not.toBe('');
    expect(page.tasks.every(({ status }) => status?.state === TaskState.TASK_STATE_COMPLETED)).toBe(true);
  });
}
