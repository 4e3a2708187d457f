import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { A2aAgent, A2aTasks, type OutgoingMessage, type RequestContext, type TaskUpdater } from '../src/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { STORAGES, TestApp } from './support/test-app.js';

const skills = [{ id: 'talk', name: 'Talk', description: 'Talks.', tags: ['test'] }];
const textOf = ({ message }: RequestContext): string =>
  message.parts.map((part) => ('text' in part ? part.text : '')).join('');
/** What an agent that was told to wait waits for. */
let held: Promise<void>;
let letGo: () => void;

@A2aAgent({ id: 'counter', name: 'counter', description: 'Counts to three.', version: '1', skills })
class CounterAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    await updater.startWork();
    for (const text of ['one', 'two', 'three']) {
      if (text === 'three' && textOf(context) === 'wait') await held;
      await updater.appendArtifact('count', [{ text }], { lastChunk: text === 'three' });
    }
    await updater.complete();
  }
}

@A2aAgent({
  id: 'reply',
  name: 'reply',
  description: 'Answers with a Message.',
  version: '1',
  skills,
  replies: 'message',
})
class ReplyAgent {
  async *execute(context: RequestContext) {
    yield `You said ${textOf(context)}`;
  }
}

const alice = { agent: 'counter', owner: 'alice' };

describe.each(STORAGES)('A2aTasks with %s storage', (storage) => {
  let server: TestApp;
  let tasks: A2aTasks;
  beforeAll(async () => {
    server = await TestApp.start({ storage, agents: [CounterAgent, ReplyAgent] });
    tasks = server.app.get(A2aTasks);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    held = new Promise((resolve) => (letGo = resolve));
  });

  const sent = async (message: OutgoingMessage = 'go'): Promise<Task> => {
    const response = await tasks.send(message, alice);
    if (!('task' in response)) throw new Error('It answered with a Message.');
    return response.task;
  };

  it('sends a message and waits for the end of its task', async () => {
    const task = await sent();
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(await tasks.get(task.id, alice)).toEqual(task);
    expect((await tasks.list({ pageSize: 100 }, alice)).tasks.map(({ id }) => id)).toContain(task.id);
  });

  it('answers with the Message of an agent that makes no task', async () => {
    const response = await tasks.send('hello', { agent: 'reply', owner: 'alice' });
    expect(response).toMatchObject({ message: { parts: [{ text: 'You said hello' }] } });
    const items = await lastValueFrom(tasks.stream('hello', { agent: 'reply', owner: 'alice' }).pipe(toArray()));
    expect(items).toMatchObject([{ event: { message: { parts: [{ text: 'You said hello' }] } } }]);
  });

  it('streams the events of what it sends, in order, to the end', async () => {
    const items = await lastValueFrom(tasks.stream('go', alice).pipe(toArray()));
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1));
    expect(Object.keys(items[0]!.event)).toEqual(['task']);
    expect(items.at(-1)!.event).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
  });

  it('shows all events of a task that has ended, and those behind a seq', async () => {
    const { id } = await sent();
    const all = await lastValueFrom(tasks.events$(id, alice).pipe(toArray()));
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    const rest = await lastValueFrom(tasks.events$(id, alice, { after: 4 }).pipe(toArray()));
    expect(rest).toEqual(all.slice(4));
    expect(await lastValueFrom(tasks.events$(id, alice, { after: 6 }).pipe(toArray()))).toEqual([]);
  });

  it('goes on with what follows, and leaves the task alone when its subscriber leaves', async () => {
    const message = { message: 'wait', configuration: { returnImmediately: true } };
    const { id } = await sent(message);
    const first = await lastValueFrom(tasks.events$(id, alice).pipe(take(4), toArray()));
    expect(first.at(-1)!.seq).toBe(4);
    const rest = lastValueFrom(tasks.events$(id, alice, { after: 4 }).pipe(toArray()));
    letGo();
    expect((await rest).map(({ seq }) => seq)).toEqual([5, 6]);
  });

  it('stops waiting when it is told to, and leaves the task alone', async () => {
    const leaving = new AbortController();
    const messageId = randomUUID();
    const message = { message: { messageId, parts: [{ text: 'wait' }] } };
    const answer = tasks.send(message, alice, leaving.signal);
    const { seq } = await firstValueFrom(tasks.stream(message, alice).pipe(filter(({ seq = 0 }) => seq === 4)));
    leaving.abort(new Error('The user has closed the page.'));
    await expect(answer).rejects.toThrow('The user has closed the page.');
    letGo();
    expect([seq, (await sent(message)).status.state]).toEqual([4, 'TASK_STATE_COMPLETED']);
    await expect(tasks.send('go', alice, leaving.signal)).rejects.toThrow('The user has closed the page.');
  });

  it('gives each subscriber objects of its own', async () => {
    const { id } = await sent();
    const events$ = tasks.events$(id, alice);
    const one = await firstValueFrom(events$);
    Object.assign(one.event, { task: undefined });
    expect((await firstValueFrom(events$)).event).toHaveProperty('task.id', id);
  });

  it('answers others as if the task were not there', async () => {
    const { id } = await sent();
    for (const other of [
      { ...alice, owner: 'bob' },
      { ...alice, tenant: 'acme' },
      { ...alice, agent: 'reply' },
    ]) {
      await expect(tasks.get(id, other)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
      await expect(tasks.cancel(id, other)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
      await expect(lastValueFrom(tasks.events$(id, other))).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    }
  });

  it('holds requests to the rules of the protocol, and callers to theirs', async () => {
    const noParts = tasks.send({ message: { parts: [] } }, alice);
    await expect(noParts).rejects.toMatchObject({ reason: 'INVALID_PARAMS', violations: [{ field: 'message.parts' }] });
    await expect(tasks.send('x', { agent: 'counter', owner: '' })).rejects.toThrow(/owner must be a non-empty string/);
    await expect(tasks.get('x', { agent: 'nobody', owner: 'a' })).rejects.toThrow(
      "there is no agent 'nobody'. There is: 'counter', 'reply'.",
    );
  });
});
