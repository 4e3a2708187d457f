import { afterEach, describe, expect, it } from '@jest/globals';
import type { AgentCard } from '../protocol/model/index.js';
import { A2aClient } from './a2a.client.js';
import { connect } from './connect.js';
import {
  A2AClientConnectionError,
  A2AClientHTTPError,
  A2AClientJSONError,
  A2AClientLimitError,
  A2AClientTimeoutError,
  AgentCardResolutionError,
} from './errors/client.errors.js';
import { AgentBench, inTurn } from './testing/agent-bench.js';
import { task } from './testing/events.js';
import { json, NUMBERED, QUICK, result, type Script } from './testing/scripted-agent.js';

const bench = new AgentBench();
afterEach(() => bench.close());

const DONE = task('TASK_STATE_COMPLETED');
const done: Script = (call) => result(call, call.rpc.method === 'GetTask' ? DONE.task : DONE);
const numbered = { capabilities: NUMBERED };

describe('the requests of a client', () => {
  it('say their version, and the extensions that are wanted and used', async () => {
    const client = await bench.serve(done, numbered, { extensions: ['urn:a', 'urn:b'] });
    await client.sendMessage('hi');
    expect(bench.agent.calls[0]?.headers).toMatchObject({
      'a2a-version': '1.0',
      'a2a-extensions': 'urn:a, urn:b, urn:nest-a2a:extension:resume:v1',
      'content-type': 'application/json',
    });
  });

  it('of v0.3 say it as that version does', async () => {
    const card = { supportedInterfaces: undefined as never, url: '' } as Partial<AgentCard>;
    const client = await bench.serve(
      (call) => result(call, { kind: 'message', messageId: 'm', role: 'agent', parts: [] }),
      card,
      {
        extensions: ['urn:a'],
      },
    );
    Object.assign(bench.agent.card, { url: `${bench.agent.url}/old`, protocolVersion: '0.3.0' });
    expect(await client.sendMessage('hi')).toEqual({ message: { messageId: 'm', role: 'ROLE_AGENT', parts: [] } });
    const [call] = bench.agent.calls;
    expect([call!.path, call!.rpc.method]).toEqual(['/old', 'message/send']);
    expect(call!.headers).toMatchObject({ 'a2a-version': '0.3', 'x-a2a-extensions': 'urn:a' });
    expect(call!.headers).not.toHaveProperty('a2a-extensions');
  });

  it('make a message of a text, with an id of its own', async () => {
    const client = await bench.serve(done);
    await client.sendMessage('one');
    await client.sendMessage({ message: { messageId: 'mine', parts: [{ data: 2 }] }, metadata: { a: 1 } });
    const [one, two] = bench.agent.calls.map(({ rpc }) => rpc.params as { message: { messageId: string } });
    expect(one).toEqual({
      message: { messageId: one!.message.messageId, role: 'ROLE_USER', parts: [{ text: 'one' }] },
    });
    expect(one!.message.messageId).toMatch(/^[\da-f-]{36}$/);
    expect(two).toEqual({
      message: { messageId: 'mine', role: 'ROLE_USER', parts: [{ data: 2 }] },
      metadata: { a: 1 },
    });
  });

  it('name the tenant of the interface, else that of the request, else that of the client', async () => {
    const client = await bench.serve(done, {}, { tenant: 'fallback' });
    await client.getTask({ id: 't', tenant: 'own' });
    await client.getTask({ id: 't' });
    const [declared] = (bench.agent.card as AgentCard).supportedInterfaces;
    const other = new A2aClient(
      { ...(bench.agent.card as AgentCard), supportedInterfaces: [{ ...declared!, tenant: 'declared' }] },
      QUICK,
    );
    await other.getTask({ id: 't', tenant: 'own' });
    expect(bench.agent.calls.map(({ rpc }) => rpc.params.tenant)).toEqual(['own', 'fallback', 'declared']);
    other.close();
  });

  it('have the headers of the client, except where the protocol has its own', async () => {
    const client = await bench.serve(
      done,
      {},
      { headers: { Authorization: 'Bearer x', 'A2A-Version': '9', 'Content-Type': 'text/plain' } },
    );
    await client.getTask({ id: 't' });
    expect(bench.agent.calls[0]?.headers).toMatchObject({
      authorization: 'Bearer x',
      'a2a-version': '1.0',
      'content-type': 'application/json',
    });
  });
});

describe('a call', () => {
  it('is tried again when that does no harm', async () => {
    const client = await bench.serve(
      inTurn(
        () => 'cut',
        () => ({ status: 503 }),
        done,
      ),
    );
    expect(await client.getTask({ id: 't' })).toEqual(DONE.task);
    expect(bench.agent.calls).toHaveLength(3);
  });

  it('is not retried indefinitely', async () => {
    const client = await bench.serve(() => 'cut', {}, { limits: { openAttempts: 2 } });
    await expect(client.getTask({ id: 't' })).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(3);
  });

  it('that changes something is sent once', async () => {
    const client = await bench.serve(() => 'cut', numbered);
    await expect(client.cancelTask({ id: 't' })).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('of a message is sent again where the agent knows it again, and only there', async () => {
    const client = await bench.serve(
      inTurn(() => 'cut', done),
      numbered,
    );
    expect(await client.sendMessage('hi')).toEqual(DONE);
    const [one, two] = bench.agent.calls.map(({ rpc }) => rpc.params);
    expect(two).toEqual(one);
    await bench.close();
    const other = await bench.serve(inTurn(() => 'cut', done));
    await expect(other.sendMessage('hi')).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('has a time limit', async () => {
    const client = await bench.serve(() => new Promise(() => undefined), {}, { limits: { openAttempts: 0 } });
    await expect(client.getTask({ id: 't' }, { timeoutMs: 30 })).rejects.toThrow(A2AClientTimeoutError);
    await expect(client.sendMessage('hi', { timeoutMs: 30 })).rejects.toThrow(A2AClientTimeoutError);
  });

  it.each([0, 1.5, NaN, 2 ** 31])('takes no time limit of %p', async (timeoutMs) => {
    const client = await bench.serve(done);
    for (const call of [client.getTask({ id: 't' }, { timeoutMs }), client.sendMessage('hi', { timeoutMs })]) {
      await expect(call).rejects.toThrow(RangeError);
    }
  });

  it('goes on after the number of an event only', async () => {
    const client = await bench.serve(done);
    for (const afterSeq of [-1, 0.5, NaN]) {
      expect(() => client.subscribeToTask({ id: 't' }, { afterSeq })).toThrow('afterSeq must be a whole number');
    }
  });

  it('gives a card that may be changed', async () => {
    const client = await bench.serve(done);
    (await client.card()).supportedInterfaces.pop();
    expect((await client.card()).supportedInterfaces).toHaveLength(1);
  });

  it('rejects with the reason of its signal', async () => {
    const client = await bench.serve(() => new Promise(() => undefined));
    const reason = new Error('enough');
    const controller = new AbortController();
    const calling = client.sendMessage('hi', { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 30);
    await expect(calling).rejects.toBe(reason);
    await expect(client.card({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('follows no redirect, and says when to come back', async () => {
    const client = await bench.serve(() => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' } }));
    await expect(client.getTask({ id: 't' })).rejects.toThrow('The agent redirects (HTTP 307), which is not followed');
    bench.agent.does(() => ({ status: 503, headers: { 'retry-after': '120' } }));
    await expect(client.getTask({ id: 't' })).rejects.toMatchObject({
      name: 'A2AClientHTTPError',
      status: 503,
      retryAfter: 120,
    });
    expect(bench.agent.calls).toHaveLength(2);
  });

  it('takes an answer of bounded size, and nothing that is none', async () => {
    const client = await bench.serve(
      (call) => result(call, task('TASK_STATE_WORKING', ['x'.repeat(2000)]).task),
      {},
      {
        limits: { maxAnswerBytes: 1000 },
      },
    );
    await expect(client.getTask({ id: 't' })).rejects.toThrow(A2AClientLimitError);
    bench.agent.does((call) => result(call, { id: 't', status: { state: 'BUSY' } }));
    await expect(client.getTask({ id: 't' })).rejects.toThrow(A2AClientJSONError);
    bench.agent.does(() => ({ status: 404, body: 'nobody here' }));
    await expect(client.getTask({ id: 't' })).rejects.toThrow(A2AClientHTTPError);
  });

  it('looks for the card again when its address does not answer', async () => {
    const client = await bench.serve(done, {}, { limits: { openAttempts: 1 } });
    const [here] = (bench.agent.card as AgentCard).supportedInterfaces;
    const moved = { ...bench.agent.card, supportedInterfaces: [{ ...here!, url: 'http://127.0.0.1:1/gone' }] };
    const cards = [moved, bench.agent.card];
    bench.agent.onCard = () => json(cards.shift() ?? bench.agent.card, { 'cache-control': 'max-age=1000' });
    expect(await client.getTask({ id: 't' })).toEqual(DONE.task);
    expect(bench.agent.cardCalls).toHaveLength(2);
  });
});

describe('connect', () => {
  it('gives a client whose agent is there', async () => {
    await bench.serve(done);
    const client = await connect(bench.agent.url, QUICK);
    expect(await client.interface()).toEqual({ binding: 'JSONRPC', version: '1.0', resumable: false });
    client.close();
  });

  it('fails when there is no card, and when the card has nothing to speak', async () => {
    await bench.serve(done);
    bench.agent.onCard = () => ({ status: 404 });
    await expect(connect(bench.agent.url, QUICK)).rejects.toMatchObject({
      name: 'AgentCardResolutionError',
      status: 404,
    });
    bench.agent.onCard = () => json({ ...bench.agent.card, supportedInterfaces: [] });
    await expect(connect(bench.agent.url, QUICK)).rejects.toThrow(AgentCardResolutionError);
  });

  it('calls no private address unless it is told that it may', async () => {
    await bench.serve(done);
    await expect(connect(bench.agent.url)).rejects.toThrow("name it in the option 'allow'");
    const reason = new Error('enough');
    await expect(connect(bench.agent.url, { ...QUICK, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('lets the card lead to no private address either', async () => {
    await bench.serve(done);
    const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const [here] = (bench.agent.card as AgentCard).supportedInterfaces;
    const url = bench.agent.url.replace('127.0.0.1', 'agents.example');
    Object.assign(bench.agent.card, { supportedInterfaces: [{ ...here!, url: 'http://169.254.169.254/latest' }] });
    const client = new A2aClient(url, { allow: ['agents.example'], resolve });
    await expect(client.getTask({ id: 't' })).rejects.toMatchObject({ name: 'A2AClientForbiddenAddressError' });
    client.close();
  });
});
