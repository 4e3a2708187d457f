import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { labChunk } from '../../examples/lab/lab-chunk.js';
import type { StreamResponse, Task } from '../../src/protocol/model/index.js';
import { Gate } from '../support/agent-of.js';
import type { StreamEvent } from './support/binding.js';
import { allOf, type ConformanceClient, firstOf, message, stateOf, taskIdOf } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from './support/setups.js';

const chunkOf = (response: StreamResponse): string[] =>
  'artifactUpdate' in response
    ? response.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : ''))
    : [];

describe.each(ALL_SETUPS)('a stream over %s', (_, setup) => {
  const { version } = setup.binding;
  let server: ConformanceServer;
  let client: ConformanceClient;
  let gate: Gate;
  beforeAll(async () => {
    gate = new Gate();
    server = await ConformanceServer.start(setup, { agents: [scriptAgent({}, gate)] });
    client = server.client();
  });
  afterAll(() => server.close());

  it('E2: of a Message is that Message, and ends', async () => {
    const responses = await allOf(await client.stream('message hi'));
    expect(responses).toMatchObject([{ message: { role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } }]);
  });

  it('E3, E6: begins with the Task, goes on with its updates in order, and ends with its end', async () => {
    const [first, ...updates] = await allOf(await client.stream('stream 50 12'));
    expect(stateOf(first)).toBe('TASK_STATE_SUBMITTED');
    expect(updates.every((update) => 'statusUpdate' in update || 'artifactUpdate' in update)).toBe(true);
    expect(updates.flatMap(chunkOf)).toEqual(Array.from({ length: 50 }, (__, index) => labChunk(index, 12)));
    expect(updates.map(stateOf).filter((state) => state !== undefined)).toEqual([
      'TASK_STATE_WORKING',
      'TASK_STATE_COMPLETED',
    ]);
    expect(stateOf(updates.at(-1))).toBe('TASK_STATE_COMPLETED');
  });

  it.each(['fail', 'reject'])('E3: ends when the task does, also by %s', async (text) => {
    const responses = await allOf(await client.stream(text));
    expect(stateOf(responses.at(-1))).toMatch(/FAILED|REJECTED/);
  });

  it('E3: of a follow-up begins with the Task as well', async () => {
    const { id } = await client.send('ask');
    const responses = await allOf(await client.stream('42', { taskId: id }));
    expect(responses[0]).toMatchObject({ task: { id } });
    expect(stateOf(responses.at(-1))).toBe('TASK_STATE_COMPLETED');
  });

  it('E12: says which chunk adds to an artifact and which is its last; the task has all of them in one', async () => {
    const responses = await allOf(await client.stream('stream 4 10'));
    const updates = responses.flatMap((r) => ('artifactUpdate' in r ? [r.artifactUpdate] : []));
    expect(updates.map(({ append }) => append ?? false)).toEqual([false, true, true, true]);
    expect(updates.map(({ lastChunk }) => lastChunk ?? false)).toEqual([false, false, false, true]);
    expect(new Set(updates.map(({ artifact }) => artifact.artifactId)).size).toBe(1);
    const { artifacts } = await client.get(taskIdOf(responses[0]!));
    expect(artifacts).toHaveLength(1);
    expect(artifacts?.[0]?.parts).toEqual(responses.flatMap(chunkOf).map((text) => ({ text })));
  });

  it('E8: begins while the agent is at work', async () => {
    const first = await firstOf(await client.stream('sleep 600000'));
    expect(first).toHaveProperty('task');
    const subscribed = await firstOf(await client.subscribe(taskIdOf(first)));
    // Whether it has begun by then is a matter of time; it has not ended.
    expect(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING']).toContain(stateOf(subscribed));
    await client.cancel(taskIdOf(first));
  });

  it.each(['ask', 'auth'])('E4, E5, X6, X10: subscribes to a task that waits (%s), to its end', async (text) => {
    const asked = await client.send(text);
    const stream = await client.subscribe(asked.id);
    const reading = allOf(stream);
    await client.send('42', { taskId: asked.id });
    const [first, ...updates] = await reading;
    expect(first).toEqual({ task: { ...asked, artifacts: undefined } });
    expect(updates.map(stateOf).filter((state) => state !== undefined)).toEqual([
      'TASK_STATE_WORKING',
      'TASK_STATE_COMPLETED',
    ]);
  });

  it('E5: does not subscribe to a task that is not there', async () => {
    for (const id of [randomUUID(), 'nope']) {
      expect(await client.failure('SubscribeToTask', { id })).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    }
  });

  if (version === '1.0') {
    it.each(['echo hi', 'fail', 'reject'])('E5, X5: does not subscribe to a task that has ended (%s)', async (text) => {
      const { id } = await client.send(text);
      expect(await client.failure('SubscribeToTask', { id })).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
    });
  } else {
    it('X5: shows a task that has ended, and ends', async () => {
      const task = await client.send('echo hi');
      expect(await allOf(await client.subscribe(task.id))).toEqual([{ task }]);
    });

    it('E13, X10: says `final` on its last event and on no other', async () => {
      for (const text of ['stream 3 10', 'ask', 'fail']) {
        const events: StreamEvent[] = [];
        for await (const event of await client.stream(text)) events.push(event);
        const said = events.filter(({ final }) => final !== undefined).map(({ final }) => final);
        expect(said).toEqual([...Array<boolean>(said.length - 1).fill(false), true]);
        expect(events.at(-1)?.final).toBe(true);
      }
    });
  }

  it('X10: of a message ends when its agent asks, and stays while it waits for authorization', async () => {
    const asked = await allOf(await client.stream('ask'));
    expect(stateOf(asked.at(-1))).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it('B12, X9: stays open while the task waits for authorization', async () => {
    const events: StreamEvent[] = [];
    for await (const event of await client.stream('auth')) {
      events.push(event);
      if (stateOf(event.response) === 'TASK_STATE_AUTH_REQUIRED') {
        expect(event.final ?? false).toBe(false);
        await client.send('done', { taskId: taskIdOf(event.response) });
      }
    }
    const states = events.map(({ response }) => stateOf(response));
    expect(states.slice(-3)).toEqual(['TASK_STATE_AUTH_REQUIRED', 'TASK_STATE_WORKING', 'TASK_STATE_COMPLETED']);
  });

  it('E7: shows the same to all; one that is left changes nothing for the others and the task', async () => {
    const { id } = await client.send('ask');
    const streams = await Promise.all([1, 2, 3].map(() => client.subscribe(id)));
    const [left, ...stayed] = streams;
    const snapshot = await firstOf(left!);
    const reading = stayed.map((stream) => allOf(stream));
    await client.send('42', { taskId: id });
    const [one, two] = await Promise.all(reading);
    expect(one).toEqual(two);
    expect(one?.[0]).toEqual(snapshot);
    expect(stateOf(one?.at(-1))).toBe('TASK_STATE_COMPLETED');
    expect((await client.get(id)).status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('E7: that is left leaves the task at work', async () => {
    const first = await firstOf(await client.stream('wait'));
    let last: StreamResponse | undefined;
    for await (const { response } of await client.subscribe(taskIdOf(first))) {
      last = response;
      gate.open();
    }
    expect(stateOf(last)).toBe('TASK_STATE_COMPLETED');
  });
});

describe.each(ALL_SETUPS)('an agent that does not stream, over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent({ streaming: false })] });
  });
  afterAll(() => server.close());

  it('E1: refuses both ways to stream, and nothing is begun', async () => {
    const client = server.client();
    const { id } = await client.send('ask');
    const unsupported = { reason: 'UNSUPPORTED_OPERATION' };
    const followUp = { message: message('42', { taskId: id }) };
    expect(await client.failure('SendStreamingMessage', followUp)).toMatchObject(unsupported);
    expect(await client.failure('SubscribeToTask', { id })).toMatchObject(unsupported);
    const task: Task = await client.get(id);
    expect(task.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });
});
