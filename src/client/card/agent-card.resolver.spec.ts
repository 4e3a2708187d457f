import { afterEach, describe, expect, it } from '@jest/globals';
import type { AgentCard, JsonObject } from '../../protocol/model/index.js';
import { A2aClient } from '../a2a.client.js';
import { AgentCardResolutionError } from '../errors/client.errors.js';
import { ClientHttp } from '../http/client-http.js';
import { json, type ScriptedReply, ScriptedAgent } from '../testing/scripted-agent.js';
import { type AgentCardOptions, cardOptions } from './agent-card.options.js';
import { AgentCardResolver } from './agent-card.resolver.js';

let agent: ScriptedAgent;
let http: ClientHttp;
let now = 0;
afterEach(async () => {
  http.close();
  await agent.close();
  now = 0;
});

async function resolverOf(options: AgentCardOptions = {}): Promise<AgentCardResolver> {
  agent = await ScriptedAgent.start(() => 'cut');
  http = new ClientHttp({ allow: ['127.0.0.1'], connectTimeoutMs: 1000 });
  const checked = cardOptions(options);
  const url = `${agent.url}${checked.path}`;
  const fetch = async (headers: Readonly<Record<string, string>>) => ({
    answer: await http.open({ method: 'GET', url, headers, timeoutMs: checked.timeoutMs }),
    url,
  });
  return new AgentCardResolver(fetch, checked, () => now);
}

const answers = (...replies: ScriptedReply[]): void => {
  let at = 0;
  agent.onCard = () => replies[Math.min(at++, replies.length - 1)]!;
};
const named = (name: string, headers: Record<string, string> = {}): ScriptedReply =>
  json({ ...agent.card, name }, headers);
const pass = (seconds: number): void => void (now += seconds * 1000);
const nameOf = async (resolver: AgentCardResolver): Promise<string> => (await resolver.resolve()).name;

describe('AgentCardResolver', () => {
  it('keeps a card as long as its answer says', async () => {
    const resolver = await resolverOf();
    answers(named('one', { 'cache-control': 'max-age=60' }), named('two'));
    expect([await nameOf(resolver), await nameOf(resolver)]).toEqual(['one', 'one']);
    pass(59);
    expect(await nameOf(resolver)).toBe('one');
    pass(1);
    expect(await nameOf(resolver)).toBe('two');
    expect(agent.cardCalls).toHaveLength(2);
  });

  it('asks whether it has changed, and keeps it on when it has not', async () => {
    const resolver = await resolverOf();
    answers(
      named('one', { etag: '"a"', 'cache-control': 'max-age=10' }),
      { status: 304, headers: { 'cache-control': 'max-age=100' } },
      named('two'),
    );
    await resolver.resolve();
    pass(10);
    const again = await resolver.resolve();
    expect([again.name, agent.cardCalls[1]?.headers['if-none-match']]).toEqual(['one', '"a"']);
    pass(99);
    expect(await resolver.resolve()).toBe(again);
    pass(1);
    expect(await nameOf(resolver)).toBe('two');
  });

  it('asks once for all who need it at the same time', async () => {
    const resolver = await resolverOf();
    answers(named('one'));
    const cards = await Promise.all(Array.from({ length: 10 }, () => resolver.resolve()));
    expect(new Set(cards).size).toBe(1);
    expect(agent.cardCalls).toHaveLength(1);
  });

  it.each<[string, ScriptedReply]>([
    ['nobody answers', 'cut'],
    ['the server is down', { status: 503 }],
    ['what comes is no JSON', { status: 200, body: '<p>maintenance</p>' }],
    ['what comes is no card', json({ name: 5 })],
  ])('uses the last card for a while when %s', async (_name, reply) => {
    const resolver = await resolverOf({ staleIfError: 60 });
    answers(named('one', { 'cache-control': 'max-age=10' }), reply);
    await resolver.resolve();
    pass(10);
    expect(await nameOf(resolver)).toBe('one');
    expect(await nameOf(resolver)).toBe('one');
    expect(agent.cardCalls).toHaveLength(2);
    pass(59);
    expect(await nameOf(resolver)).toBe('one');
    expect(agent.cardCalls).toHaveLength(3);
    pass(6);
    await expect(resolver.resolve()).rejects.toThrow(AgentCardResolutionError);
  });

  it('does not use it when there is no card any more, nor when it is refused', async () => {
    const resolver = await resolverOf({
      verify: (_received: JsonObject, { name }: AgentCard) => {
        if (name === 'forged') throw new Error('it is forged');
      },
    });
    answers(named('one', { 'cache-control': 'max-age=10' }), { status: 404 }, named('forged'));
    await resolver.resolve();
    pass(10);
    await expect(resolver.resolve()).rejects.toMatchObject({ name: 'AgentCardResolutionError', status: 404 });
    await expect(resolver.resolve()).rejects.toThrow('The card was refused: it is forged');
  });

  it('asks again when somebody doubts it', async () => {
    const resolver = await resolverOf();
    answers(named('one', { 'cache-control': 'max-age=1000' }), named('two'));
    await resolver.resolve();
    now = 1;
    resolver.expire();
    expect(await nameOf(resolver)).toBe('two');
  });

  it('tries again after a failure, and says what failed', async () => {
    const resolver = await resolverOf();
    answers('cut', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, named('one'));
    await expect(resolver.resolve()).rejects.toThrow(/^The card of the agent could not be had: The connection to 127/);
    await expect(resolver.resolve()).rejects.toThrow('redirect (HTTP 302) that is not followed');
    expect(await nameOf(resolver)).toBe('one');
  });

  it('reads no more than it may', async () => {
    const resolver = await resolverOf({ maxBytes: 100 });
    answers(named('x'.repeat(200)));
    await expect(resolver.resolve()).rejects.toThrow('longer than 100 bytes');
  });

  it('waits no longer than it may', async () => {
    const resolver = await resolverOf({ timeoutMs: 3_000 });
    answers({ headers: {}, body: '{', then: 'hang' });
    await expect(resolver.resolve()).rejects.toThrow('silent');
  });
});

describe('the card of a client', () => {
  it('is asked for in v1.0, with the headers of the client, and is that of its path', async () => {
    agent = await ScriptedAgent.start(() => 'cut');
    http = new ClientHttp({ connectTimeoutMs: 1000 });
    agent.onCard = (call) => (call.path === '/x/.well-known/mine.json' ? json(agent.card) : { status: 404 });
    const client = new A2aClient(`${agent.url}/x`, {
      allow: ['127.0.0.1'],
      headers: { Authorization: 'Bearer t' },
      card: { path: '/.well-known/mine.json' },
    });
    expect((await client.card()).name).toBe('scripted');
    expect(agent.cardCalls[0]?.headers).toMatchObject({
      'a2a-version': '1.0',
      authorization: 'Bearer t',
      accept: 'application/json',
    });
    client.close();
  });

  it('may be given instead', async () => {
    agent = await ScriptedAgent.start(() => 'cut');
    http = new ClientHttp({ connectTimeoutMs: 1000 });
    const client = new A2aClient(agent.card as AgentCard);
    expect((await client.card()).name).toBe('scripted');
    expect(agent.cardCalls).toEqual([]);
    expect(() => new A2aClient({ name: 'x' } as AgentCard)).toThrow('card.url must be a string');
    client.close();
  });
});
