import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import type { AgentCard } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { ADAPTERS, type AdapterName, TestApp } from './support/test-app.js';

/** Routes that the application has besides, with names that a tenant might have. */
@Controller()
class ShopController {
  @Get('orders')
  orders(): string {
    return 'orders';
  }

  @Post('orders')
  order(@Body() body: { item: string }): { ordered: string } {
    return { ordered: body.item };
  }

  @Get('docs')
  @Header('content-type', 'text/plain')
  docs(): string {
    return 'docs';
  }
}

type Handler =
  | { readonly agent: 'one' | 'two' }
  | { readonly card: 'one' | 'two' }
  | { readonly text: string }
  | { readonly json: object }
  /** Nobody's: the adapter says so in its own way. */
  | 'nobody'
  /** An error in JSON. */
  | { readonly status: number; readonly says?: RegExp; readonly allow?: string };

type Row = readonly [method: string, path: string, handler: Handler];

const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE'];
const EVENT_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];
const NO_TASK = { status: 404, says: /Task not found/ };
const NO_AGENT = { status: 404, says: /There is no agent 'nobody'/ };

/** Each address below `base`, and who must answer. */
function addresses(base: string): Row[] {
  return [
    ['POST', base || '/', { agent: 'one' }],
    ['POST', `${base}/agents/one`, { agent: 'one' }],
    ['POST', `${base}/agents/two`, { agent: 'two' }],
    ['POST', `${base}/agents/two?x=1`, { agent: 'two' }],
    ['GET', `${base}/.well-known/agent-card.json`, { card: 'one' }],
    ['GET', `${base}/.well-known/agent.json`, { card: 'one' }],
    ['GET', `${base}/agents/one/.well-known/agent-card.json`, { card: 'one' }],
    ['GET', `${base}/agents/two/.well-known/agent-card.json`, { card: 'two' }],
    ['GET', `${base}/agents/two/.well-known/agent.json`, { card: 'two' }],
    ['POST', `${base}/agents/nobody`, NO_AGENT],
    ['GET', `${base}/agents/nobody/.well-known/agent-card.json`, NO_AGENT],
    ...METHODS.flatMap((method): Row[] => [
      [method, base || '/', { status: 405, allow: 'POST' }],
      [method, `${base}/agents/two`, { status: 405, allow: 'POST' }],
    ]),
    ['GET', `${base}/tasks/none/events`, NO_TASK],
    ['GET', `${base}/agents/two/tasks/none/events?A2A-Version=0.3`, NO_TASK],
    ['GET', `${base}/acme/tasks/none/events`, NO_TASK],
    ['GET', `${base}/agents/two/acme/tasks/none/events`, NO_TASK],
    ['GET', `${base}/tasks/tasks/events`, NO_TASK],
    ['GET', `${base}/agents/nobody/tasks/none/events`, NO_AGENT],
    ['GET', `${base}/health/tasks/none/events`, { status: 404 }],
    ['GET', `${base}/agents/two/v1/tasks/none/events`, { status: 404 }],
    ...EVENT_METHODS.map((method): Row => [
      method,
      `${base}/agents/two/tasks/none/events`,
      { status: 405, allow: 'GET' },
    ]),
    ['POST', `${base}/.well-known/agent-card.json`, { status: 404 }],
    ['POST', `${base}/agents`, { status: 404 }],
    ['POST', `${base}/agents/two/unknown`, { status: 404 }],
    ['GET', `${base}/unknown`, { status: 404 }],
  ];
}

/** The application's own routes, and what is nobody's. */
const own = (prefix: string): Row[] => [
  ['GET', `${prefix}/orders`, { text: 'orders' }],
  ['POST', `${prefix}/orders`, { json: { ordered: 'pears' } }],
  ['GET', `${prefix}/docs`, { text: 'docs' }],
];

const SETUPS = [
  { path: '', globalPrefix: undefined, base: '', elsewhere: '/a2a' },
  { path: '/a2a', globalPrefix: undefined, base: '/a2a', elsewhere: '' },
  { path: '/a2a', globalPrefix: 'api', base: '/api/a2a', elsewhere: '/a2a' },
  { path: '', globalPrefix: 'api', base: '/api', elsewhere: '' },
].flatMap((setup) => ADAPTERS.map((adapter) => ({ ...setup, adapter })));

describe.each(SETUPS)(
  "addresses on $adapter with path '$path' and global prefix $globalPrefix:",
  ({ adapter, path, globalPrefix, base, elsewhere }) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await start(adapter, path, globalPrefix);
    });
    afterAll(() => app.close());

    const rows: Row[] = [
      ...addresses(base),
      ...own(globalPrefix ? `/${globalPrefix}` : ''),
      ['POST', `${elsewhere}/agents/two`, 'nobody'],
      ['GET', `${elsewhere}/.well-known/agent-card.json`, 'nobody'],
    ];

    it.each(rows)('%s %s', async (method, url, handler) => {
      const response = await fetch(app.origin + url, { method, ...(method !== 'GET' && BODY), headers: HEADERS });
      const text = await response.text();
      if (handler === 'nobody') {
        expect(response.status).toBe(404);
      } else if ('agent' in handler) {
        expect(response.status).toBe(200);
        expect(JSON.parse(text)).toMatchObject({
          id: 'call',
          result: { task: { artifacts: [{ parts: [{ text: `I am ${handler.agent}` }] }] } },
        });
      } else if ('card' in handler) {
        const address = handler.card === 'one' ? base : `${base}/agents/two`;
        expect(response.status).toBe(200);
        const { name, supportedInterfaces } = JSON.parse(text) as AgentCard;
        expect(name).toBe(handler.card);
        expect(supportedInterfaces).toContainEqual({
          url: app.origin + address,
          protocolBinding: 'JSONRPC',
          protocolVersion: '1.0',
        });
      } else if ('text' in handler) {
        expect(text).toBe(handler.text);
      } else if ('json' in handler) {
        expect(JSON.parse(text)).toEqual(handler.json);
      } else {
        expect(response.status).toBe(handler.status);
        expect(response.headers.get('content-type')).toMatch(/^application\/(a2a\+)?json/);
        expect(text).toMatch(handler.says ?? /./);
        expect(response.headers.get('allow')).toBe(handler.allow ?? null);
      }
    });
  },
);

const HEADERS = { 'a2a-version': '1.0', 'content-type': 'application/json' };
const message = { messageId: 'same', role: 'ROLE_USER', parts: [{ text: 'who are you?' }] };
/** A call for A2A and an order for the shop, at once. */
const BODY = {
  body: JSON.stringify({ jsonrpc: '2.0', id: 'call', method: 'SendMessage', params: { message }, item: 'pears' }),
};

function start(adapter: AdapterName, path: string, globalPrefix?: string): Promise<TestApp> {
  const agents = (['one', 'two'] as const).map((id) =>
    agentOf(async (_context, updater) => void (await updater.addArtifact(`I am ${id}`)), {
      id,
      default: id === 'one',
    }),
  );
  return TestApp.start({ adapter, path, globalPrefix, agents, controllers: [ShopController] });
}
