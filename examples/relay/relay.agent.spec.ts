import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { type Message, type Part, RunAborted, TaskUpdater } from '../../src/index.js';
import { type AgentRun, agentRun } from '../../src/testing/index.js';
import { begin, ChatApi, chunkEvent, DONE_EVENT, streamed } from '../../test/support/chat-api.js';
import { RelayAgent } from './relay.agent.js';
import type { RelayOptions } from './relay.options.js';

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
  api.received.length = 0;
  api.left = 0;
  warnings = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)));
});
afterEach(() => void jest.restoreAllMocks());

async function relay(run: AgentRun, options: Partial<RelayOptions> = {}): Promise<AgentRun> {
  const agent = new RelayAgent({ baseUrl: api.baseUrl, model: 'tiny', apiKey: KEY, ...options });
  await agent.execute(run.context, run.updater);
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
  it('asks for a stream with model, key and conversation, and completes with the answer', async () => {
    api.behave = streamed(chunkEvent(''), chunkEvent('Hel'), chunkEvent('lo'), chunkEvent('', 'stop'), DONE_EVENT);
    const run = await relay(agentRun());
    expect(api.received).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${KEY}`, accept: 'text/event-stream' },
        body: { model: 'tiny', stream: true, messages: [{ role: 'user', content: 'hi' }] },
      },
    ]);
    expect(run.sink.brief[0]).toBe('WORKING');
    expect(answerOf(run)).toBe('Hello');
    expect(lastStatus(run)).toMatchObject({ state: 'TASK_STATE_COMPLETED' });
    expect(lastStatus(run)).not.toHaveProperty('message');
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
    expect(run.sink.brief.at(-1)).toBe('COMPLETED');
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
    expect(run.sink.brief).toEqual(['WORKING', 'a', '+b', '+c', 'COMPLETED']);
  });

  it('sends the credentials of the address, and shows them nowhere', async () => {
    api.behave = (response) => {
      response.writeHead(500);
      response.end('user me with 50% is not allowed');
    };
    const run = await relay(agentRun(), { apiKey: undefined, baseUrl: api.baseUrl.replace('//', '//me:50%@') });
    const authorization = `Basic ${Buffer.from('me:50%').toString('base64')}`;
    expect(api.received).toMatchObject([{ path: '/v1/chat/completions', headers: { authorization } }]);
    expect(JSON.stringify([run.sink.events, warnings])).not.toContain('50%');
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
    await relay(agentRun(asking), { systemPrompt: 'Be brief.' });
    await relay(agentRun(asking), { maxPromptCharacters: 40 });
    expect(api.received.map(({ body }) => body.messages)).toEqual([
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'capital of Peru?' },
        { role: 'assistant', content: 'Lima' },
        last,
      ],
      [{ role: 'assistant', content: 'Lima' }, last],
    ]);
  });

  it('takes a last event without its blank line, and refuses one without an end', async () => {
    api.behave = streamed(chunkEvent('a'), 'data: [DONE]');
    expect((await relay(agentRun())).sink.brief).toEqual(['WORKING', 'a', 'COMPLETED']);
    api.behave = streamed(chunkEvent('a'), `data: ${'x'.repeat(1_100_000)}`);
    const status = lastStatus(await relay(agentRun()));
    expect(status).toMatchObject({ message: { metadata: { reason: 'UPSTREAM_MALFORMED' } } });
  });

  it.each([
    ['length', 'cut off'],
    ['content_filter', 'withheld'],
  ])('says so when the model stopped for %s', async (reason, words) => {
    api.behave = streamed(chunkEvent('Hello'), chunkEvent('', reason), DONE_EVENT);
    const status = lastStatus(await relay(agentRun()));
    expect(status).toMatchObject({
      state: 'TASK_STATE_COMPLETED',
      message: { parts: [{ text: expect.stringContaining(words) }] },
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
    [401, {}, 'UPSTREAM_AUTH', "refused the relay's credentials (HTTP 401)"],
    [403, {}, 'UPSTREAM_AUTH', "refused the relay's credentials (HTTP 403)"],
    [429, { 'retry-after': '20' }, 'UPSTREAM_RATE_LIMITED', 'Try again in 20 s'],
    [429, { 'retry-after': 'soon' }, 'UPSTREAM_RATE_LIMITED', 'Try again later'],
    [429, {}, 'UPSTREAM_RATE_LIMITED', 'Try again later'],
    [500, {}, 'UPSTREAM_FAILED', 'failed (HTTP 500)'],
    [503, {}, 'UPSTREAM_FAILED', 'failed (HTTP 503)'],
    [404, {}, 'UPSTREAM_REFUSED', 'refused the request (HTTP 404)'],
    [307, { location: '/elsewhere' }, 'UPSTREAM_REFUSED', 'refused the request (HTTP 307)'],
  ])('fails clearly on HTTP %i', async (status, headers, reason, words) => {
    api.behave = (response) => {
      response.writeHead(status, headers);
      response.end(JSON.stringify({ error: { message: `something about ${KEY}` } }));
    };
    const run = await relay(agentRun());
    expect(lastStatus(run)).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason }, parts: [{ text: expect.stringContaining(words) }] },
    });
    expect(api.received).toHaveLength(1);
    expect(JSON.stringify([run.sink.events, warnings])).not.toContain(KEY);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.includes('something about ***')).toBe(status !== 401 && status !== 403);
  });

  it.each([
    ['text that is no JSON', 'data: {oops\n\n'],
    ['JSON that is no chunk', 'data: {"a":1}\n\n'],
    ['choices that are none', 'data: {"choices":7}\n\n'],
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
    ['a stream without [DONE]', [chunkEvent('a'), chunkEvent('', 'stop')], 'UPSTREAM_INCOMPLETE'],
    ['an answer without text', [chunkEvent(''), DONE_EVENT], 'UPSTREAM_INCOMPLETE'],
    ['an empty stream', [], 'UPSTREAM_INCOMPLETE'],
  ])('fails on %s', async (_, events, reason) => {
    api.behave = streamed(...events);
    expect(lastStatus(await relay(agentRun()))).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason } },
    });
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

  it('fails when the API is silent for too long, before its answer and during it', async () => {
    api.behave = () => undefined;
    const silent = {
      metadata: { reason: 'UPSTREAM_TIMEOUT' },
      parts: [{ text: expect.stringContaining('silent for 0.05 s') }],
    };
    expect(lastStatus(await relay(agentRun(), { idleTimeoutMs: 50 }))).toMatchObject({ message: silent });
    api.behave = begin;
    expect(lastStatus(await relay(agentRun(), { idleTimeoutMs: 50 }))).toMatchObject({ message: silent });
    await until(() => api.left === 2);
  });

  it('does not count the time that its own reader takes as silence of the API', async () => {
    const run = agentRun();
    api.behave = async (response) => {
      begin(response);
      await until(() => run.sink.events.length === 2);
      response.end(chunkEvent('b') + DONE_EVENT);
    };
    const slow = {
      emit: async (event: Parameters<typeof run.sink.emit>[0]) => {
        if ('artifactUpdate' in event) await sleep(300);
        return run.sink.emit(event);
      },
    };
    await relay({ ...run, updater: new TaskUpdater(slow, 'task-1', 'context-1') }, { idleTimeoutMs: 200 });
    expect(run.sink.brief).toEqual(['WORKING', 'a', '+b', 'COMPLETED']);
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
