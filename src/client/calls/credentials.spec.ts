import { afterEach, describe, expect, it } from '@jest/globals';
import type { AgentCard } from '../../protocol/model/index.js';
import { A2aClient } from '../a2a.client.js';
import type { HeadersRequest } from '../options/client.options.js';
import { AgentBench } from '../testing/agent-bench.js';
import { all, task } from '../testing/events.js';
import { failure, json, QUICK, result, type Script, stream } from '../testing/scripted-agent.js';

const bench = new AgentBench();
afterEach(() => bench.close());

const DONE = task('TASK_STATE_COMPLETED');
const done: Script = (call) => result(call, DONE.task);

describe('credentials', () => {
  it.each<[string, Script]>([
    ['HTTP 401', () => ({ status: 401, headers: { 'www-authenticate': 'Bearer realm="a"' } })],
    ['an error of JSON-RPC', (call) => failure(call, -32041)],
  ])('are asked for again, once, after %s', async (_name, refuse) => {
    const asked: HeadersRequest[] = [];
    const headers = async (request: HeadersRequest) => {
      asked.push(request);
      return { authorization: request.refused ? 'new' : 'old' };
    };
    const client = await bench.serve(
      (call) => (call.headers.authorization === 'new' ? done(call) : refuse(call)),
      {},
      { headers },
    );
    await client.getTask({ id: 't' });
    expect(bench.agent.calls.map((call) => call.headers.authorization)).toEqual(['old', 'new']);
    expect(asked.map(({ method, url, refused }) => [method, new URL(url).pathname, refused !== undefined])).toEqual([
      ['GET', '/.well-known/agent-card.json', false],
      ['POST', '/rpc', false],
      ['POST', '/rpc', true],
    ]);
    if (_name === 'HTTP 401') expect(asked[2]?.refused?.challenge).toBe('Bearer realm="a"');
  });

  it('are asked for again for streams, and for the card', async () => {
    const headers = ({ refused }: HeadersRequest) => ({ authorization: refused ? 'new' : 'old' });
    const guarded =
      (script: Script): Script =>
      (call) =>
        call.headers.authorization === 'new' ? script(call) : { status: 401 };
    const client = await bench.serve(
      guarded((call) => stream(call, [DONE])),
      {},
      { headers },
    );
    bench.agent.onCard = guarded(() => json(bench.agent.card));
    expect(await all(client.sendStreamingMessage('hi'))).toEqual([DONE]);
    expect([bench.agent.cardCalls.length, bench.agent.calls.length]).toEqual([2, 2]);
  });

  it('are not asked for twice, nor at all when they are fixed', async () => {
    const refuse: Script = (call) => failure(call, -32041, 'who?');
    const client = await bench.serve(refuse, {}, { headers: () => ({}) });
    await expect(client.getTask({ id: 't' })).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', message: 'who?' });
    expect(bench.agent.calls).toHaveLength(2);
    const fixed = new A2aClient(bench.agent.url, { ...QUICK, headers: { authorization: 'x' } });
    await expect(fixed.getTask({ id: 't' })).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    expect(bench.agent.calls).toHaveLength(3);
    fixed.close();
  });

  it('that cannot be had fail the call with what went wrong', async () => {
    const reason = new Error('no token today');
    const client = await bench.serve(
      done,
      {},
      { headers: ({ method }) => (method === 'GET' ? {} : Promise.reject(reason)) },
    );
    await expect(client.getTask({ id: 't' })).rejects.toBe(reason);
    const odd = new A2aClient(bench.agent.card as AgentCard, {
      ...QUICK,
      headers: () => ({ authorization: 5 }) as never,
    });
    await expect(odd.getTask({ id: 't' })).rejects.toThrow("the value of 'authorization' must be a string");
    odd.close();
  });
});
