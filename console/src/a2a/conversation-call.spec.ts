import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pretendPage } from '../../test/page-globals.js';
import type { CallView, ConversationCall } from './conversation-call.js';
import type { Message } from './parts.js';

interface Call {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly lastEventId: string | undefined;
  readonly response: ServerResponse;
}

const MESSAGE: Message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
const status = (state: string) => ({ statusUpdate: { taskId: 't', contextId: 'c', status: { state } } });
const chunk = (text: string) => ({
  artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text }] }, append: true },
});
const CREATED = { task: { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } } };

describe('a call that the console makes', () => {
  let server: Server;
  let call: ConversationCall;
  const calls: Call[] = [];

  afterEach(() => {
    call.close();
    calls.length = 0;
    server.closeAllConnections();
    server.close();
  });

  async function start(answer: (call: Call, index: number) => void): Promise<ConversationCall> {
    server = createServer((request, response) => void take(request, response, answer));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    pretendPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const module = await import('./conversation-call.js');
    const { port } = server.address() as AddressInfo;
    call = new module.ConversationCall(`http://127.0.0.1:${port}/agents/a`);
    return call;
  }

  async function take(request: IncomingMessage, response: ServerResponse, answer: (call: Call, index: number) => void) {
    let text = '';
    for await (const piece of request) text += String(piece);
    const { method, params } = JSON.parse(text) as Pick<Call, 'method' | 'params'>;
    const one = { method, params, lastEventId: request.headers['last-event-id'] as string | undefined, response };
    calls.push(one);
    answer(one, calls.length);
  }

  const frames = (response: ServerResponse, from: number, events: readonly object[]): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    events.forEach((result, index) => {
      response.write(`id: ${from + index}\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result })}\n\n`);
    });
  };

  const until = (holds: (view: CallView) => boolean): Promise<CallView> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (holds(call.view())) resolve(call.view());
      };
      call.subscribe(look);
      look();
    });

  it('that is cut goes on after the last event that arrived, and adds up to the same task', async () => {
    await start(({ response }, index) => {
      if (index === 1) return frames(response, 1, [CREATED, status('TASK_STATE_WORKING'), chunk('ab')]);
      frames(response, 4, [chunk('cd'), status('TASK_STATE_COMPLETED')]);
      response.end();
    });
    call.send(MESSAGE, []);
    await until(({ lastSeq }) => lastSeq === 3);
    const before = (await until(({ task }) => task?.artifacts !== undefined)).task;
    call.cut();
    expect(call.view().phase).toBe('cut');
    call.resume();
    const view = await until(({ phase }) => phase === 'ended');
    expect(calls.map(({ method, lastEventId }) => [method, lastEventId])).toEqual([
      ['SendStreamingMessage', undefined],
      ['SubscribeToTask', '3'],
    ]);
    expect(view.received.map(({ seq, connection }) => [seq, connection])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
    ]);
    expect(view.task?.artifacts?.[0]?.parts).toEqual([{ text: 'ab' }, { text: 'cd' }]);
    expect(view.task?.status.state).toBe('TASK_STATE_COMPLETED');
    // What was shown before is compared with what is shown now.
    expect(before?.artifacts?.[0]?.parts).toEqual([{ text: 'ab' }]);
  });

  it('whose connection breaks is resumed without being told to', async () => {
    await start(({ response }, index) => {
      if (index === 1) {
        frames(response, 1, [CREATED]);
        setTimeout(() => response.destroy(), 20);
      } else {
        frames(response, 2, [status('TASK_STATE_COMPLETED')]);
        response.end();
      }
    });
    call.send(MESSAGE, []);
    const view = await until(({ phase }) => phase === 'ended');
    expect(calls[1]).toMatchObject({ method: 'SubscribeToTask', params: { id: 't' }, lastEventId: '1' });
    expect(view.received.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('that the agent refuses ends with what the agent said', async () => {
    await start(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'parts must not be empty' } }),
      );
    });
    call.send(MESSAGE, []);
    const view = await until(({ phase }) => phase === 'failed');
    expect(String(view.error)).toContain('parts must not be empty (-32602)');
    expect(calls).toHaveLength(1);
  });

  it('is answered when the agent asks something back', async () => {
    await start(({ response }) => {
      frames(response, 1, [CREATED, status('TASK_STATE_INPUT_REQUIRED')]);
      response.end();
    });
    call.send(MESSAGE, ['text/plain']);
    const view = await until(({ phase }) => phase === 'ended');
    expect(view.task?.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(calls[0]?.params).toEqual({ message: MESSAGE, configuration: { acceptedOutputModes: ['text/plain'] } });
  });
});
