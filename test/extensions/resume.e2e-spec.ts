import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LabAgent } from '../../examples/lab/lab.agent.js';
import { RESUME_EXTENSION, RESUME_EXTENSION_URI } from '../../src/agents/cards/resume.extension.js';
import { agentOf } from '../support/agent-of.js';
import { fencesOf } from '../support/markdown.js';
import { type SseEvent, SseStream } from '../support/sse.client.js';
import { ADAPTERS, STORAGES, TestApp } from '../support/test-app.js';

type Json = Record<string, unknown>;

/** How the two operations are called in one binding and version. */
interface ClientTransport {
  readonly name: string;
  readonly version: '1.0' | '0.3';
  send(origin: string, messageId: string, text: string, taskId?: string): { url: string; body: Json };
  subscribe(origin: string, id: string): { url: string; body: Json };
  /** What an event's data holds: the response itself. */
  read(data: string): Json;
}

const v10Message = (messageId: string, text: string, taskId?: string): Json => ({
  ...{ messageId, taskId, role: 'ROLE_USER', parts: [{ text }] },
});
const rpc = (method: string, params: Json): Json => ({ jsonrpc: '2.0', id: 1, method, params });
const result = (data: string): Json => (JSON.parse(data) as { result: Json }).result;

const WIRES: ClientTransport[] = [
  {
    name: 'JSON-RPC',
    version: '1.0',
    send: (url, ...message) => ({ url, body: rpc('SendStreamingMessage', { message: v10Message(...message) }) }),
    subscribe: (url, id) => ({ url, body: rpc('SubscribeToTask', { id }) }),
    read: result,
  },
  {
    name: 'JSON-RPC',
    version: '0.3',
    send: (url, messageId, text, taskId) => {
      const message = { kind: 'message', messageId, taskId, role: 'user', parts: [{ kind: 'text', text }] };
      return { url, body: rpc('message/stream', { message }) };
    },
    subscribe: (url, id) => ({ url, body: rpc('tasks/resubscribe', { id }) }),
    read: (data) => {
      const { kind, ...body } = result(data);
      return { [String(kind).replace(/-u/, 'U')]: body };
    },
  },
  {
    name: 'HTTP+JSON',
    version: '1.0',
    send: (url, ...message) => ({ url: `${url}/message:stream`, body: { message: v10Message(...message) } }),
    subscribe: (url, id) => ({ url: `${url}/tasks/${id}:subscribe`, body: {} }),
    read: (data) => JSON.parse(data) as Json,
  },
  {
    name: 'HTTP+JSON',
    version: '0.3',
    send: (url, messageId, text, taskId) => {
      const message = { messageId, taskId, role: 'ROLE_USER', content: [{ text }] };
      return { url: `${url}/v1/message:stream`, body: { message } };
    },
    subscribe: (url, id) => ({ url: `${url}/v1/tasks/${id}:subscribe`, body: {} }),
    read: (data) => JSON.parse(data) as Json,
  },
];
const SETUPS = WIRES.map((wire, i) => ({
  ...{ wire, name: wire.name, version: wire.version },
  ...{ adapter: ADAPTERS[i % 2]!, storage: STORAGES[(i >> 1) % 2]! },
}));
const CHUNKS = 60;
/** Task, working, chunks, completed. */
const EVENTS = CHUNKS + 3;

const seqs = (events: readonly SseEvent[]): number[] => events.map(({ id }) => Number(id));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** `final` tells of the stream, not of the event. */
const contents = (events: readonly SseEvent[]): string[] => events.map(({ data }) => data.replace(/"final":\w+/, ''));

describe.each(SETUPS)(
  'streams that resume: $name v$version on $adapter with $storage',
  ({ wire, adapter, storage }) => {
    let app: TestApp;
    beforeAll(async () => {
      const reply = agentOf((_context, updater) => updater.reply('no task'), {
        ...{ id: 'reply', default: false, replies: 'message' as const },
      });
      app = await TestApp.start({ storage, adapter, agents: [LabAgent, reply] });
    });
    afterAll(() => app.close());

    const at = (agent: string): string => `${app.origin}/agents/${agent}`;
    const activation = wire.version === '1.0' ? 'a2a-extensions' : 'x-a2a-extensions';
    function open(
      { url, body }: { url: string; body: Json },
      lastEventId?: string,
      more: Record<string, string> = { [activation]: RESUME_EXTENSION_URI },
    ): Promise<SseStream> {
      const header: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      return SseStream.post(url, body, { 'a2a-version': wire.version, ...header, ...more });
    }
    const send = async (text: string, lastEventId?: string, messageId: string = randomUUID(), taskId?: string) =>
      (await open(wire.send(at('lab'), messageId, text, taskId), lastEventId)).all();
    const subscribe = async (id: string, lastEventId?: string) =>
      (await open(wire.subscribe(at('lab'), id), lastEventId)).all();
    const taskIdOf = (events: readonly SseEvent[]): string => (wire.read(events[0]!.data)['task'] as { id: string }).id;

    it('number the events of a task from 1 on, and go on after any of them', async () => {
      const all = await send(`stream ${CHUNKS} 64`);
      expect(seqs(all)).toEqual(range(1, EVENTS));
      const id = taskIdOf(all);
      for (const after of [0, 1, 30, EVENTS - 1]) {
        const rest = await subscribe(id, String(after));
        expect(seqs(rest)).toEqual(range(after + 1, EVENTS));
        expect(contents(rest)).toEqual(contents(all.slice(after)));
      }
    });

    it('are whole when they are cut again and again while the task runs', async () => {
      const messageId = randomUUID();
      const seen: SseEvent[] = [];
      let stream = await open(wire.send(at('lab'), messageId, `stream ${CHUNKS} 64 2`));
      while (seen.length < EVENTS) {
        let taken = 0;
        for await (const event of stream) {
          seen.push(event);
          if (++taken === 17) break;
        }
        stream.close();
        stream = await open(wire.subscribe(at('lab'), taskIdOf(seen)), seen.at(-1)!.id);
      }
      stream.close();
      expect(seqs(seen)).toEqual(range(1, EVENTS));
    });

    it('are 204 without a body after the last event of a task that has ended', async () => {
      const messageId = randomUUID();
      const all = await send('echo hi', undefined, messageId);
      const end = String(all.length);
      const calls = [wire.subscribe(at('lab'), taskIdOf(all)), wire.send(at('lab'), messageId, 'echo hi')];
      for (const call of calls) {
        for (const more of [undefined, {}]) {
          const { response } = await open(call, end, more);
          expect([response.statusCode, response.headers['content-type']]).toEqual([204, undefined]);
          expect(await response.toArray()).toEqual([]);
        }
      }
    });

    it('number their events for callers of v0.3 only when these know of it', async () => {
      const all = await send('echo hi');
      const id = taskIdOf(all);
      const plain = await (await open(wire.send(at('lab'), randomUUID(), 'echo hi'), undefined, {})).all();
      const resumed = await (await open(wire.subscribe(at('lab'), id), '1', {})).all();
      const ids = plain.map((event) => event.id);
      expect(ids).toEqual(wire.version === '1.0' ? ['1', '2', '3'] : [undefined, undefined, undefined]);
      expect(seqs(resumed)).toEqual([2, 3]);
    });

    it.each(['x', '-1', '1.5', '99999', '9'.repeat(16), '٣'])(
      'begin with the Task and its id when Last-Event-ID is %s',
      async (header) => {
        const all = await send('echo hi');
        const lastEventId = Buffer.from(header).toString('latin1');
        const again = await subscribe(taskIdOf(all), lastEventId);
        expect(seqs(again)).toEqual([all.length]);
        expect(wire.read(again[0]!.data)).toMatchObject({ task: { id: taskIdOf(all) } });
      },
    );

    it('without the header are those of the protocol', async () => {
      const all = await send('echo hi');
      for (const header of [undefined, '']) {
        const stream = await open(wire.subscribe(at('lab'), taskIdOf(all)), header);
        const text = await stream.response.setEncoding('utf8').toArray();
        if (wire.version === '0.3') expect(text.join('')).toContain(`id: ${all.length}`);
        else expect(text.join('')).toContain('UNSUPPORTED_OPERATION');
      }
    });

    it('of a message go on when it is sent again, and start nothing', async () => {
      const messageId = randomUUID();
      const all = await send(`stream 5 64`, undefined, messageId);
      const rest = await send(`stream 5 64`, '4', messageId);
      expect(contents(rest)).toEqual(contents(all.slice(4)));
      for (const [id, text] of [
        [randomUUID(), 'echo never'],
        [messageId, 'something else'],
      ] as const) {
        const refused = await open(wire.send(at('lab'), id, text), '1');
        expect((await refused.response.setEncoding('utf8').toArray()).join('')).toContain('INVALID_PARAMS');
      }
    });

    it('of a message begin anew when it is sent again without the header', async () => {
      const [first, second] = [randomUUID(), randomUUID()];
      const asked = await send('ask', undefined, first);
      const taskId = taskIdOf(asked);
      const answered = await send('forty-two', undefined, second, taskId);
      expect(await send('ask', undefined, first)).toEqual(asked);
      const again = await send('forty-two', undefined, second, taskId);
      expect(seqs(again)).toEqual(range(asked.length + 1, Number(answered.at(-1)!.id)));
      expect(wire.read(again[0]!.data)).toMatchObject({ task: { id: taskId } });
      // The first stream begins with the task as it was when it was opened, which may be later.
      const both = again.filter(({ id }) => Number(id) > Number(answered[0]!.id));
      expect(contents(both)).toEqual(contents(answered.slice(1)));
    });

    it('of a follow-up go on in its own turn, and end where they would have ended', async () => {
      const [first, second] = [randomUUID(), randomUUID()];
      const asked = await send('ask', undefined, first);
      const taskId = taskIdOf(asked);
      expect(await send('ask', String(asked.length), first)).toEqual([]);
      const answered = await send('forty-two', undefined, second, taskId);
      const last = Number(answered.at(-1)!.id);
      for (const [text, messageId, ofTask] of [
        ['forty-two', second, taskId],
        ['ask', first, undefined],
      ] as const) {
        const rest = await send(text, String(asked.length), messageId, ofTask);
        expect(seqs(rest)).toEqual(range(asked.length + 1, last));
        expect(wire.read(rest.at(-1)!.data)).toMatchObject({ statusUpdate: { taskId } });
      }
    });

    it('do not exist for a Message, which has no id', async () => {
      const events = await (await open(wire.send(at('reply'), randomUUID(), 'hi'))).all();
      expect(events).toHaveLength(1);
      expect(events[0]?.id).toBeUndefined();
    });

    it('say that they can do it to who asks', async () => {
      const stream = await open(wire.send(at('lab'), randomUUID(), 'echo hi'));
      expect(stream.response.headers[activation]).toBe(RESUME_EXTENSION_URI);
      await stream.all();
    });
  },
);

describe('docs/extensions/resume.md', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/extensions/resume.md'), 'utf8');

  it('shows the declaration that cards have', () => {
    const shown = fencesOf(page).find(({ language }) => language === 'json');
    expect(JSON.parse(shown?.text ?? '')).toEqual(RESUME_EXTENSION);
    expect(page).toContain(`URI: \`${RESUME_EXTENSION_URI}\``);
  });
});
