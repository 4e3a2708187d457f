import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { drainAgentEvents } from '../../src/agents/agent-events.drain.js';
import { type Message, type Part, RunAborted, TaskUpdater } from '../../src/index.js';
import { type AgentRun, agentRun, createAgentHarness } from '../../src/testing/index.js';
import { begin, ChatApi, chunkEvent, DONE_EVENT, streamed } from '../../test/support/chat-api.js';
import { RelayAgent } from './relay.agent.js';
import { RELAY_OPTIONS, type RelayOptions } from './relay.options.js';

const KEY = 'sk-secret-1234';
const asked = (...parts: Part[]): Message => ({ messageId: 'm', role: 'ROLE_USER', parts });
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(2);
};

let api: ChatApi;
let warnings: string[];

beforeAll(async () => void (api = await ChatApi.start()));
afterAll(() => api.stop());
beforeEach(() => {
  api.forget();
  warnings = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)));
});
afterEach(() => void jest.restoreAllMocks());

async function relay(run: AgentRun, options: Partial<RelayOptions> = {}): Promise<AgentRun> {
  const agent = new RelayAgent({ baseUrl: api.baseUrl, model: 'tiny', apiKey: KEY, ...options });
  await drainAgentEvents(agent.execute(run.context, run.updater), run.context, run.updater, 'task');
  return run;
}

const answerOf = ({ sink }: AgentRun): string =>
  sink.events
    .flatMap((event) => ('artifactUpdate' in event ? event.artifactUpdate.artifact.parts : []))
    .map((part) => ('text' in part ? part.text : '?'))
    .join('');

const lastStatus = ({ sink }: AgentRun) => {
  const event = sink.events.at(-1);
  return event && 'statusUpdate' in event ? event.statusUpdate.status : undefined;
};

describe('RelayAgent', () => {
  it('asks for a stream with model, key and conversation, and hands on the answer', async () => {
    api.behave = streamed(chunkEvent(''), chunkEvent('Hel'), chunkEvent('lo'), chunkEvent('', 'stop'), DONE_EVENT);
    const run = await relay(agentRun());
    expect(api.received).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${KEY}` },
        body: { model: 'tiny', stream: true, messages: [{ role: 'user', content: 'hi' }] },
      },
    ]);
    // The run completes a task whose agent returns without a final state.
    expect(run.sink.brief).toEqual(['WORKING', 'Hel', '+lo']);
  });

  it('reads an answer cut at odd bytes, with CRLF, comments, usage and characters of several bytes', async () => {
    const text = 'Größe 漢字 😀 — ok';
    const usage = `data: ${JSON.stringify({ choices: [], usage: { total_tokens: 3 } })}\r\n\r\n`;
    const events = [...text].map((character) => chunkEvent(character).replaceAll('\n', '\r\n'));
    const bytes = Buffer.from(`: welcome\r\n\r\n${events.join(': ping\r\n\r\n')}${usage}data: [DONE]\r\n\r\n`);
    api.behave = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      for (let from = 0; from < bytes.length; from += 7) {
        response.write(bytes.subarray(from, from + 7));
        if (from % 70 === 0) await tick();
      }
      response.end();
    };
    const run = await relay(agentRun());
    expect(answerOf(run)).toBe(text);
    expect(lastStatus(run)).toBeUndefined();
  });

  it('hands a piece on as it comes: the first makes the artifact, the others are appended', async () => {
    const run = agentRun();
    api.behave = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const [index, piece] of ['a', 'b', 'c'].entries()) {
        response.write(chunkEvent(piece));
        await until(() => run.sink.events.length === index + 2);
      }
      response.end(DONE_EVENT);
    };
    await relay(run);
    expect(run.sink.brief).toEqual(['WORKING', 'a', '+b', '+c']);
  });

  it('sends referenced tasks first, and leaves out the oldest of too many messages', async () => {
    api.behave = streamed(chunkEvent('Santiago'), DONE_EVENT);
    const task = {
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_COMPLETED' as const },
      history: [asked({ text: 'capital of Peru?' })],
      artifacts: [{ artifactId: 'answer', parts: [{ text: 'Li' }, { text: 'ma' }] }],
    };
    const message = asked({ text: 'and of Chile?' }, { data: { brief: true } });
    const last = { role: 'user', content: 'and of Chile?\n{"brief":true}' };
    const asking = { referencedTasks: [task], message };
    await relay(agentRun(asking));
    await relay(agentRun(asking), { maxPromptCharacters: 40 });
    expect(api.received.map(({ body }) => body.messages)).toEqual([
      [{ role: 'user', content: 'capital of Peru?' }, { role: 'assistant', content: 'Lima' }, last],
      [{ role: 'assistant', content: 'Lima' }, last],
    ]);
  });

  it('refuses an event without an end, and ends the request', async () => {
    api.behave = (response) => {
      begin(response);
      response.write(`data: ${'x'.repeat(1_100_000)}`);
    };
    const status = lastStatus(await relay(agentRun()));
    expect(status).toMatchObject({ message: { metadata: { reason: 'UPSTREAM_MALFORMED' } } });
    await until(() => api.left === 1);
  });

  it('says so when the model stopped before the end of its answer', async () => {
    api.behave = streamed(chunkEvent('Hello'), chunkEvent('', 'length'), DONE_EVENT);
    const status = lastStatus(await relay(agentRun()));
    expect(status).toMatchObject({
      state: 'TASK_STATE_COMPLETED',
      message: { parts: [{ text: expect.stringContaining('before the end of its answer: length.') }] },
    });
  });

  it('ends the request when the task is aborted, and throws the reason', async () => {
    const run = agentRun();
    api.behave = begin;
    const running = relay(run);
    await until(() => run.sink.events.length === 2);
    run.abort.abort(new RunAborted('canceled'));
    await expect(running).rejects.toBe(run.abort.signal.reason);
    await until(() => api.left === 1);
    expect(run.sink.brief).toEqual(['WORKING', 'a']);
    expect(warnings).toEqual([]);
  });

  it('ends the request when an event is refused', async () => {
    const run = agentRun();
    api.behave = begin;
    const full = {
      emit: (event: object) => ('artifactUpdate' in event ? Promise.reject(new Error('full')) : Promise.resolve()),
    };
    await expect(relay({ ...run, updater: new TaskUpdater(full, 'task-1', 'context-1') })).rejects.toThrow('full');
    await until(() => api.left === 1);
  });

  it.each([
    [401, {}],
    [403, {}],
    [404, {}],
    [429, {}],
    [500, {}],
    [503, {}],
    [307, { location: '/elsewhere' }],
  ])('fails clearly on HTTP %i', async (status, headers) => {
    api.behave = (response) => {
      response.writeHead(status, headers);
      response.end(JSON.stringify({ error: { message: `something about ${KEY}` } }));
    };
    const run = await relay(agentRun());
    expect(lastStatus(run)).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: {
        metadata: { reason: `UPSTREAM_HTTP_${status}` },
        parts: [{ text: `The model's API answered with HTTP ${status}.` }],
      },
    });
    expect(api.received).toHaveLength(1);
    expect(JSON.stringify([run.sink.events, warnings])).not.toContain(KEY);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.includes('something about ***')).toBe(status !== 401 && status !== 403);
  });

  it('fails clearly on a refusal without a word, and leaves one that has too many', async () => {
    api.behave = (response) => void response.writeHead(502).end();
    const reason = { message: { metadata: { reason: 'UPSTREAM_HTTP_502' } } };
    expect(lastStatus(await relay(agentRun()))).toMatchObject(reason);
    api.behave = (response) => void response.writeHead(502).write('x'.repeat(1000));
    expect(lastStatus(await relay(agentRun()))).toMatchObject(reason);
    await until(() => api.left === 1);
    expect(warnings[1]).toHaveLength(`Task task-1: The model's API answered with HTTP 502. `.length + 300);
  });

  it.each([
    ['text that is no JSON', 'data: {oops\n\n'],
    ['JSON that is no chunk', 'data: {"a":1}\n\n'],
    ['content that is no text', 'data: {"choices":[{"delta":{"content":7}}]}\n\n'],
  ])('fails on %s, with what came before it', async (_, event) => {
    api.behave = streamed(chunkEvent('so far'), event, DONE_EVENT);
    const run = await relay(agentRun());
    expect(answerOf(run)).toBe('so far');
    expect(lastStatus(run)).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason: 'UPSTREAM_MALFORMED' } },
    });
  });

  it.each([
    ['an error in the middle', [chunkEvent('a'), 'data: {"error":{"message":"overloaded"}}\n\n'], 'UPSTREAM_FAILED'],
    ['a stream without [DONE]', [chunkEvent('a'), chunkEvent('', 'stop')], 'UPSTREAM_MALFORMED'],
    ['an empty stream', [], 'UPSTREAM_MALFORMED'],
  ])('fails on %s', async (_, events, reason) => {
    api.behave = streamed(...events);
    expect(lastStatus(await relay(agentRun()))).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason } },
    });
  });

  it('does not fail on an answer without text', async () => {
    api.behave = streamed(chunkEvent(''), chunkEvent('', 'stop'), DONE_EVENT);
    expect((await relay(agentRun())).sink.brief).toEqual(['WORKING']);
  });

  it('fails on an address with credentials, which fetch does not take, without logging them', async () => {
    const run = await relay(agentRun(), { baseUrl: api.baseUrl.replace('//', '//user:p%40ss@') });
    expect(lastStatus(run)).toMatchObject({ state: 'TASK_STATE_FAILED' });
    expect(warnings).toEqual([expect.stringContaining('// 127.0.0.1')]);
    expect(JSON.stringify([run.sink.events, warnings])).not.toMatch(/user|p%40ss/);
  });

  it('fails when the API does not stream', async () => {
    api.behave = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"choices":[{"message":{"content":"all at once"}}]}');
    };
    expect(lastStatus(await relay(agentRun()))).toMatchObject({
      message: { metadata: { reason: 'UPSTREAM_MALFORMED' } },
    });
  });

  it('fails when the connection breaks in the middle', async () => {
    api.behave = async (response) => {
      begin(response);
      await sleep(10);
      response.destroy();
    };
    const run = await relay(agentRun());
    expect(lastStatus(run)).toMatchObject({ message: { metadata: { reason: 'UPSTREAM_UNREACHABLE' } } });
  });

  it('fails when nothing listens, without naming the address to the client', async () => {
    const run = await relay(agentRun(), { baseUrl: 'http://127.0.0.1:1/v1' });
    expect(lastStatus(run)).toMatchObject({ message: { metadata: { reason: 'UPSTREAM_UNREACHABLE' } } });
    expect(JSON.stringify(run.sink.events)).not.toContain('127.0.0.1');
    expect(warnings).toEqual([expect.stringMatching(/connection\. \S/)]);
  });

  it('fails when the API is silent for four minutes, and ends the request', async () => {
    api.behave = begin;
    const useValue = { baseUrl: api.baseUrl, model: 'tiny' };
    const providers = [{ provide: RELAY_OPTIONS, useValue }];
    const harness = await createAgentHarness(RelayAgent, { clock: 'manual', providers });
    try {
      const call = harness.stream('hi');
      for await (const event of call) if ('artifactUpdate' in event) break;
      await harness.clock.advance(239_000);
      expect(api.left).toBe(0);
      await harness.clock.advance(2_000);
      expect(await harness.task(await call.taskId())).toMatchObject({
        status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'IDLE_DEADLINE' } } },
        artifacts: [{ name: 'response', parts: [{ text: 'a' }] }],
      });
      while (api.left === 0) await tick();
    } finally {
      await harness.close();
    }
  });

  it.each([
    ['asks when there is nothing to answer', asked({ text: ' ' }), 'INPUT_REQUIRED'],
    ['refuses files', asked({ text: 'see' }, { raw: 'QQ==' }), 'REJECTED'],
    ['refuses addresses', asked({ url: 'https://example.com' }), 'REJECTED'],
    ['refuses a message that is too long', asked({ text: 'x'.repeat(101) }), 'REJECTED'],
  ])('%s', async (_, message, state) => {
    const run = await relay(agentRun({ message }), { maxPromptCharacters: 100 });
    expect(run.sink.brief).toEqual([state]);
    expect(api.received).toEqual([]);
  });
});
