import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Message, StreamResponse, Task } from '../../src/protocol/model/index.js';
import { type AdapterName, STORAGES } from '../support/test-app.js';
import type { Binding, Operation } from './support/binding.js';
import { allOf, type ConformanceClient, message } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { BINDINGS, ConformanceServer } from './support/setups.js';

/** The parts of all kinds that both versions can say. */
const EVERY_KIND: Partial<Message> = {
  parts: [
    { text: 'echo every kind', metadata: { language: 'en', nested: { list: [1, 'two', null, true] } } },
    { raw: 'AAEC/w==', filename: 'a.txt', mediaType: 'text/plain' },
    { url: 'https://example.com/b.txt', filename: 'b.txt', mediaType: 'text/plain' },
    { data: { number: 1.5, text: 'ü', nothing: null, list: [] } },
  ],
  metadata: { trace: 'x-1' },
  extensions: ['urn:test:extension'],
};

/** What one protobuf cannot tell from nothing: lists that are empty, and flags that are false. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => {
    if (key === 'artifacts' || key === 'history') return (member as unknown[]).length > 0;
    return !((key === 'append' || key === 'lastChunk') && member === false);
  });
  return Object.fromEntries(members.map(([key, member]) => [key, key === 'data' ? member : tidy(member)]));
}

/** Requests that are wrong in every binding alike, and what they are answered with. */
const WRONG: readonly (readonly [Operation, object, string])[] = [
  ['GetTask', { id: randomUUID() }, 'TASK_NOT_FOUND'],
  ['CancelTask', { id: randomUUID() }, 'TASK_NOT_FOUND'],
  ['SubscribeToTask', { id: randomUUID() }, 'TASK_NOT_FOUND'],
  ['SendMessage', { message: message('echo hi', { taskId: randomUUID() }) }, 'TASK_NOT_FOUND'],
  ['SendMessage', { message: message('', { parts: [] }) }, 'INVALID_PARAMS'],
  ['SendStreamingMessage', {}, 'INVALID_PARAMS'],
  [
    'SendMessage',
    { message: message('', { parts: [{ raw: 'dGNr', mediaType: 'a/b' }] }) },
    'CONTENT_TYPE_NOT_SUPPORTED',
  ],
  ['GetTask', { id: 'x', historyLength: -1 }, 'INVALID_PARAMS'],
  ['GetTaskPushNotificationConfig', { taskId: randomUUID(), id: 'x' }, 'TASK_NOT_FOUND'],
  ['GetExtendedAgentCard', {}, 'UNSUPPORTED_OPERATION'],
];

const SETUPS = STORAGES.map((storage) => ({
  storage,
  adapter: (storage === 'memory' ? 'express' : 'fastify') satisfies AdapterName as AdapterName,
}));

describe.each(SETUPS)('the bindings of one agent, on $adapter with $storage,', (setup) => {
  let server: ConformanceServer;
  const clients = new Map<Binding, ConformanceClient>();
  beforeAll(async () => {
    server = await ConformanceServer.start({ ...setup, binding: BINDINGS[0]! }, { agents: [scriptAgent()] });
    for (const binding of BINDINGS) clients.set(binding, server.client({}, binding));
  });
  afterAll(() => server.close());

  const each = <T>(work: (client: ConformanceClient, binding: Binding) => Promise<T>): Promise<T[]> =>
    Promise.all([...clients].map(([binding, client]) => work(client, binding)));
  const expectSame = (answers: readonly unknown[]): void => {
    for (const answer of answers) expect(tidy(answer)).toEqual(tidy(answers[0]));
  };

  it.each(BINDINGS.map((binding) => [binding.name, binding] as const))(
    'J6, X25: show one task alike that was made over %s',
    async (_, binding) => {
      const client = clients.get(binding)!;
      const { id } = await client.send('', EVERY_KIND);
      const shown = await each((other) => other.get(id));
      expectSame(shown);
      expect(shown[0]?.history?.[0]).toMatchObject({ metadata: EVERY_KIND.metadata, parts: EVERY_KIND.parts });
    },
  );

  it('J6: stream one task alike', async () => {
    const { id } = await clients.get(BINDINGS[0]!)!.send('ask');
    const streams = await each((client) => client.subscribe(id));
    const reading = streams.map((stream) => allOf(stream));
    await clients.get(BINDINGS.at(-1)!)!.send('42', { taskId: id });
    const shown: StreamResponse[][] = await Promise.all(reading);
    expectSame(shown);
    expect(shown[0]?.length).toBeGreaterThan(3);
  });

  it('J6: cancel for all', async () => {
    for (const [binding, client] of clients) {
      const { id } = await client.send('ask');
      const canceled = await client.cancel(id);
      expect([binding.name, ...(await each((other) => other.get(id))).map(({ status }) => status)]).toEqual([
        binding.name,
        ...BINDINGS.map(() => canceled.status),
      ]);
    }
  });

  it.each(WRONG)('J6, J7: refuse %s %j alike', async (operation, request, reason) => {
    const failures = await each((client) => client.failure(operation, request));
    expect(failures.map((failure) => failure.reason)).toEqual(BINDINGS.map(() => reason));
  });

  it('J6: list alike, those that list', async () => {
    const contextId = randomUUID();
    const made: Task[] = await each((client) => client.send('echo hi', { contextId }));
    const listing = [...clients].filter(([binding]) => !binding.without.includes('ListTasks'));
    const pages = await Promise.all(
      listing.map(([, client]) => client.result<{ tasks: Task[] }>('ListTasks', { contextId, includeArtifacts: true })),
    );
    expectSame(pages);
    expect(new Set(pages[0]?.tasks.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
  });
});
