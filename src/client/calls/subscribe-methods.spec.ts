import { afterEach, describe, expect, it } from '@jest/globals';
import type { StreamResponse } from '../../protocol/model/index.js';
import { A2aClient } from '../a2a.client.js';
import { json, QUICK, type ScriptedReply, ScriptedAgent } from '../testing/scripted-agent.js';

const TASK = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } };
const OLD_TASK = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } };

let agent: ScriptedAgent;
let client: A2aClient;
afterEach(async () => {
  client.close();
  await agent.close();
});

/** A client of an agent that serves subscriptions by this method, and answers others with this. */
async function connected(version: '1.0' | '0.3', served: string, otherwise: ScriptedReply): Promise<void> {
  const frame = `data: ${JSON.stringify({ task: version === '1.0' ? TASK : OLD_TASK })}\n\n`;
  const events = { headers: { 'content-type': 'text/event-stream' }, body: frame };
  agent = await ScriptedAgent.start(({ method }) => (method === served ? events : otherwise), {
    interfaces: [{ protocolBinding: 'HTTP+JSON', protocolVersion: version }],
  });
  client = new A2aClient(agent.url, QUICK);
}

async function subscribed(): Promise<StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of client.subscribeToTask({ id: 't' })) events.push(event);
  return events;
}

const methods = (): string[] => agent.calls.map(({ method }) => method);

describe('subscriptions over HTTP+JSON', () => {
  it.each([
    ['1.0', 'POST', 'GET'],
    ['0.3', 'GET', 'POST'],
  ] as const)('are tried by the usual method of v%s first: %s', async (version, usual, other) => {
    await connected(version, usual, { status: 405 });
    expect(await subscribed()).toHaveLength(1);
    expect(methods()).toEqual([usual]);
    client.close();
    await agent.close();
    await connected(version, other, { status: 405 });
    expect(await subscribed()).toHaveLength(1);
    expect(methods()).toEqual([usual, other]);
    await subscribed();
    expect(methods()).toEqual([usual, other, other]);
  });

  it('are tried by the other one when the address is not known', async () => {
    await connected('1.0', 'GET', { status: 404, body: 'Cannot POST /tasks/t:subscribe' });
    expect(await subscribed()).toHaveLength(1);
    expect(methods()).toEqual(['POST', 'GET']);
  });

  it('of a task that is not there are told so', async () => {
    const details = [{ reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' }];
    const body = { error: { code: 404, status: 'NOT_FOUND', message: 'Task not found', details } };
    const notFound = json(body) as Exclude<ScriptedReply, 'cut'>;
    await connected('1.0', 'NONE', { ...notFound, status: 404 });
    await expect(subscribed()).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
  });
});
