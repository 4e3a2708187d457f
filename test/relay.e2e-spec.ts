import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { relayAgent } from '../src/service/relay-agent.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';

/** A server that speaks the streaming chat API: it answers each word of the last message, or hangs, or refuses. */
function chatServer(): http.Server & { aborted: number; asked: unknown[] } {
  const server = http.createServer((request, response) => void answer(request, response));
  const state = Object.assign(server, { aborted: 0, asked: [] as unknown[] });
  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    state.asked.push(JSON.parse(body));
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    const text = messages.at(-1)?.content ?? '';
    if (text === 'refuse')
      return void response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"message":"slow down"}}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.on('close', () => (state.aborted += response.writableEnded ? 0 : 1));
    for (const word of text.split(' ')) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: `<${word}> ` } }] })}\n\n`);
      await sleep(10);
      if (word === 'hang') return;
    }
    response.end('data: [DONE]\n\n');
  }
  return state;
}

describe('the relay agent over HTTP', () => {
  const chat = chatServer();
  let app: TestApp;
  beforeAll(async () => {
    await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
    const { port } = chat.address() as AddressInfo;
    const env = {
      A2A_RELAY_BASE_URL: `http://127.0.0.1:${port}/v1`,
      A2A_RELAY_MODEL: 'test-model',
      A2A_RELAY_API_KEY: 'sk-test',
    };
    app = await TestApp.start({ agents: relayAgent(env) });
  });
  afterAll(async () => {
    await app.close();
    chat.closeAllConnections();
    chat.close();
  });

  it('streams the tokens of the endpoint as chunks of one artifact', async () => {
    const stream = await app.rpc('relay').stream('SendStreamingMessage', { message: textMessage('one two three') });
    const events = await stream.results<StreamResponse>();
    const artifacts = events.flatMap((event) => ('artifactUpdate' in event ? [event.artifactUpdate.artifact] : []));
    expect(new Set(artifacts.map(({ artifactId }) => artifactId)).size).toBe(1);
    const text = artifacts.flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : ''))).join('');
    expect(text).toBe('<one> <two> <three> ');
    expect(chat.asked.at(-1)).toMatchObject({ model: 'test-model', stream: true });
  });

  it('leaves the endpoint when the client cancels', async () => {
    const params = { message: textMessage('now hang'), configuration: { returnImmediately: true } };
    const { task } = await app.rpc('relay').result<{ task: Task }>('SendMessage', params);
    while (chat.asked.length < 2) await sleep(5);
    const canceled = await app.rpc('relay').result<Task>('CancelTask', { id: task.id });
    expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
    while (chat.aborted === 0) await sleep(5);
  });

  it('fails clearly when the endpoint refuses, and never shows the key', async () => {
    const { task } = await app.rpc('relay').result<{ task: Task }>('SendMessage', { message: textMessage('refuse') });
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    const text = JSON.stringify(task.status.message);
    expect(text).toMatch(/429|rate|busy|later/i);
    expect(text).not.toContain('sk-test');
  });
});
