import { afterEach, describe, expect, it } from '@jest/globals';
import { A2aClient } from '../a2a.client.js';
import { json, QUICK, type ScriptedReply, ScriptedAgent } from '../testing/scripted-agent.js';

let agent: ScriptedAgent;
let client: A2aClient;
afterEach(async () => {
  client.close();
  await agent.close();
});

/** A client of an agent whose server answers as `routes` say, and with 404 elsewhere. */
async function connected(routes: Record<string, (agent: ScriptedAgent) => ScriptedReply>): Promise<string> {
  agent = await ScriptedAgent.start(({ path }) => routes[path]?.(agent) ?? { status: 404 });
  agent.onCard = ({ path }) => routes[path]?.(agent) ?? { status: 404 };
  client = new A2aClient(agent.url, { ...QUICK, headers: { authorization: 'Bearer secret' } });
  return agent.url;
}

const CARD = '/.well-known/agent-card.json';
const to =
  (location: string, status = 307) =>
  (): ScriptedReply => ({ status, headers: { location } });

describe('where a client looks for a card', () => {
  it.each([301, 302, 307, 308])('follows a redirect (%s) to the same origin, also a relative one', async (status) => {
    await connected({
      [CARD]: to('../cards/one', status),
      '/cards/one': to('/cards/two', status),
      '/cards/two': ({ card }) => json(card),
    });
    expect((await client.card()).name).toBe('scripted');
    expect(agent.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  });

  it('follows none to another origin, and no circle', async () => {
    const other = await ScriptedAgent.start(() => 'cut');
    await connected({ [CARD]: to(`${other.url}/.well-known/agent-card.json`) });
    await expect(client.card()).rejects.toThrow('redirect (HTTP 307) that is not followed');
    expect(other.cardCalls).toEqual([]);
    await other.close();
    client.close();
    await agent.close();
    await connected({ [CARD]: to(CARD) });
    await expect(client.card()).rejects.toThrow('redirect (HTTP 307) that is not followed');
    expect(agent.cardCalls).toHaveLength(6);
  });

  it('falls back to the older name, and says what it missed when that is not there either', async () => {
    await connected({ '/.well-known/agent.json': ({ card }) => json(card) });
    expect((await client.card()).name).toBe('scripted');
    client.close();
    await agent.close();
    await connected({});
    await expect(client.card()).rejects.toMatchObject({ name: 'AgentCardResolutionError', status: 404 });
  });

  it('resolves relative addresses by where the card was found', async () => {
    const relative = {
      name: 'r',
      url: '../a2a',
      protocolVersion: '0.3.0',
      preferredTransport: 'JSONRPC',
      capabilities: {},
    };
    const origin = await connected({ [CARD]: to('/cards/deep/one'), '/cards/deep/one': () => json(relative) });
    expect((await client.card()).supportedInterfaces[0]?.url).toBe(`${origin}/cards/a2a`);
  });

  it('takes a card behind a byte order mark', async () => {
    await connected({ [CARD]: ({ card }) => ({ body: `\uFEFF${JSON.stringify(card)}` }) });
    expect((await client.card()).name).toBe('scripted');
  });
});
