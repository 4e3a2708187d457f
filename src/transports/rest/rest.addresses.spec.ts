import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { message, protoMessage, RestHarness, type Seen } from '../../../test/support/rest-harness.js';
import { ADAPTERS, fakeAgent } from '../../../test/support/transport-app.js';

/** Routes of the application beside those of A2A, with similar names. */
@Controller()
class OwnController {
  @Get('messages')
  messages(): string {
    return 'own';
  }

  @Post('acme/orders')
  order(): string {
    return 'own';
  }

  @Get('docs/tasks')
  docs(): string {
    return 'own';
  }
}

/** The operation, and the checked parts of its request and caller. */
type Expected =
  | (Pick<Seen, 'operation'> & { readonly agent: string; readonly tenant?: string; readonly request?: object })
  | { readonly status: number; readonly allow?: string }
  /** The application's own 404. */
  | 'nobody'
  /** A route of the application. */
  | 'own';

type Row = readonly [method: string, path: string, expected: Expected];

const UNKNOWN_PATHS = [
  '/message',
  '/message:other',
  '/message:sendx',
  '/tasks/x/other',
  '/v1',
  '/v1/other',
  '/v1/acme/tasks',
  '/extendedAgentCard/x',
  '/acme/globex/tasks',
];

/** The routes of push configs, which are the same in both versions. */
function pushConfigs(at: string, by: { agent: string; tenant: string }): Row[] {
  const at1 = `${at}/tasks/a%2Fb/pushNotificationConfigs`;
  const one = { taskId: 'a/b', id: 'p:cancel' };
  return [
    ['GET', at1, { operation: 'listTaskPushNotificationConfigs', ...by, request: { taskId: 'a/b' } }],
    ['POST', at1, { operation: 'createTaskPushNotificationConfig', ...by, request: { taskId: 'a/b', url: HOOK } }],
    ['GET', `${at1}/p:cancel`, { operation: 'getTaskPushNotificationConfig', ...by, request: one }],
    ['DELETE', `${at1}/p%3Acancel`, { operation: 'deleteTaskPushNotificationConfig', ...by, request: one }],
  ];
}

const HOOK = 'https://hook.example/';

/** The routes of one agent in v1.0, below `at`. */
function v10(at: string, agent: string, tenant = ''): Row[] {
  const by = { agent, tenant };
  const get = (path: string, request: object): Row => ['GET', path, { operation: 'getTask', ...by, request }];
  return [
    ['POST', `${at}/message:send`, { operation: 'sendMessage', ...by }],
    ['POST', `${at}/message:stream`, { operation: 'sendStreamingMessage', ...by }],
    ['GET', `${at}/tasks`, { operation: 'listTasks', ...by }],
    get(`${at}/tasks/x`, { id: 'x' }),
    get(`${at}/tasks/x?historyLength=2`, { id: 'x', historyLength: 2 }),
    get(`${at}/tasks/tasks`, { id: 'tasks' }),
    get(`${at}/tasks/a%2Fb`, { id: 'a/b' }),
    get(`${at}/tasks/a:b`, { id: 'a:b' }),
    get(`${at}/tasks/a%3Asubscribe`, { id: 'a:subscribe' }),
    get(`${at}/tasks/a%20%C3%A4%25`, { id: 'a ä%' }),
    get(`${at}/tasks/message:send`, { id: 'message:send' }),
    ['HEAD', `${at}/tasks/x`, { operation: 'getTask', ...by, request: { id: 'x' } }],
    ['POST', `${at}/tasks/x:cancel`, { operation: 'cancelTask', ...by, request: { id: 'x' } }],
    ['POST', `${at}/tasks/a%3Ab:cancel`, { operation: 'cancelTask', ...by, request: { id: 'a:b' } }],
    ['POST', `${at}/tasks/a:b:cancel`, { operation: 'cancelTask', ...by, request: { id: 'a:b' } }],
    ['POST', `${at}/tasks/a%2Fb:subscribe`, { operation: 'subscribeToTask', ...by, request: { id: 'a/b' } }],
    ['GET', `${at}/tasks/x:subscribe`, { operation: 'subscribeToTask', ...by, request: { id: 'x' } }],
    ['GET', `${at}/tasks/x:cancel:subscribe`, { operation: 'subscribeToTask', ...by, request: { id: 'x:cancel' } }],
    ...pushConfigs(at, by),
    ['GET', `${at}/extendedAgentCard`, { operation: 'getExtendedAgentCard', ...by }],
    ['GET', `${at}/message:send`, { status: 405, allow: 'POST' }],
    ['PUT', `${at}/tasks`, { status: 405, allow: 'GET, HEAD' }],
    ['DELETE', `${at}/tasks/x`, { status: 405, allow: 'GET, HEAD' }],
    ['POST', `${at}/tasks/x`, { status: 405, allow: 'GET, HEAD' }],
    ['GET', `${at}/tasks/x:cancel`, { status: 405, allow: 'POST' }],
    ['HEAD', `${at}/tasks/x:subscribe`, { status: 405, allow: 'GET, POST' }],
    ['PATCH', `${at}/tasks/x/pushNotificationConfigs`, { status: 405, allow: 'GET, HEAD, POST' }],
    ['POST', `${at}/tasks/x/pushNotificationConfigs/p`, { status: 405, allow: 'GET, HEAD, DELETE' }],
    ['POST', `${at}/extendedAgentCard`, { status: 405, allow: 'GET, HEAD' }],
  ];
}

/** The routes of one agent in v0.3, below `at`. */
function v03(at: string, agent: string): Row[] {
  const by = { agent, tenant: '' };
  return [
    ['POST', `${at}/v1/message:send`, { operation: 'sendMessage', ...by }],
    ['POST', `${at}/v1/message:stream`, { operation: 'sendStreamingMessage', ...by }],
    ['GET', `${at}/v1/tasks`, { operation: 'listTasks', ...by }],
    ['GET', `${at}/v1/tasks/x`, { operation: 'getTask', ...by, request: { id: 'x' } }],
    ['GET', `${at}/v1/tasks/x%3Acancel`, { operation: 'getTask', ...by, request: { id: 'x:cancel' } }],
    ['POST', `${at}/v1/tasks/x:cancel`, { operation: 'cancelTask', ...by, request: { id: 'x' } }],
    ['GET', `${at}/v1/tasks/x:subscribe`, { operation: 'subscribeToTask', ...by, request: { id: 'x' } }],
    ['POST', `${at}/v1/tasks/x:subscribe`, { operation: 'subscribeToTask', ...by, request: { id: 'x' } }],
    ...pushConfigs(`${at}/v1`, by),
    ['GET', `${at}/v1/card`, { operation: 'getExtendedAgentCard', ...by }],
    ['GET', `${at}/v1/message:send`, { status: 405, allow: 'POST' }],
    ['POST', `${at}/v1/card`, { status: 405, allow: 'GET, HEAD' }],
  ];
}

const RESERVED = ['docs', 'docs-json', 'health', 'metrics', 'console', 'message', 'extendedAgentCard', '.well-known'];

function addresses(base: string): Row[] {
  return [
    ...v10(base, 'echo'),
    ...v10(`${base}/agents/other`, 'other'),
    ...v10(`${base}/acme`, 'echo', 'acme'),
    ...v10(`${base}/agents/other/acme`, 'other', 'acme'),
    ...v03(base, 'echo'),
    ...v03(`${base}/agents/other`, 'other'),
    ['GET', `${base}/agents/nobody/tasks/x`, { status: 404 }],
    ['POST', `${base}/agents/nobody/message:send`, { status: 404 }],
    ['GET', `${base}/agents/other/docs%2Fx/tasks`, 'nobody'],
    ['GET', `${base}/a%2Fb/tasks`, 'nobody'],
    ['GET', `${base}/a:b/tasks`, 'nobody'],
    ['GET', `${base}/...%2F/tasks`, 'nobody'],
    ['GET', `${base}/a%20b/tasks`, { operation: 'listTasks', agent: 'echo', tenant: 'a b' }],
    ['GET', `${base}/agents/tasks/x`, 'nobody'],
    ...RESERVED.flatMap((name): Row[] => [
      ['GET', `${base}/${name}/extendedAgentCard`, 'nobody'],
      ['POST', `${base}/agents/other/${name}/message:send`, 'nobody'],
    ]),
    ...UNKNOWN_PATHS.flatMap((path): Row[] => [
      ['GET', `${base}${path}`, 'nobody'],
      ['POST', `${base}/agents/other${path}`, 'nobody'],
    ]),
  ];
}

const SETUPS = [
  { path: '', globalPrefix: undefined, base: '' },
  { path: '/a2a', globalPrefix: 'api', base: '/api/a2a' },
].flatMap((setup) => ADAPTERS.map((adapter) => ({ ...setup, adapter })));

describe.each(SETUPS)(
  "I2, X3: the addresses of HTTP+JSON on $adapter with path '$path' and global prefix $globalPrefix:",
  ({ adapter, path, globalPrefix, base }) => {
    const harness = new RestHarness(adapter);
    const rows: Row[] = [
      ...addresses(base),
      ...(base === ''
        ? ([
            ['GET', '/messages', 'own'],
            ['POST', '/acme/orders', 'own'],
            ['GET', '/docs/tasks', 'own'],
          ] as const)
        : ([
            ['GET', '/tasks', 'nobody'],
            ['POST', '/message:send', 'nobody'],
          ] as const)),
    ];

    beforeAll(async () => {
      const push = { pushNotifications: true };
      await harness.start({
        agents: [fakeAgent('echo', { default: true, ...push }), fakeAgent('other', push)],
        options: { path },
        metadata: { controllers: [OwnController] },
        configure: (app) => globalPrefix !== undefined && void app.setGlobalPrefix(globalPrefix),
      });
    });
    afterAll(() => harness.stop());

    it.each(rows)('%s %s', async (method, url, expected) => {
      const older = /\/v1(\/|$)/.test(url);
      const config = older ? { pushNotificationConfig: { url: HOOK } } : { url: HOOK };
      const body = { message: older ? protoMessage('hi') : message('hi'), ...config };
      const send = /(message:(send|stream)|\/pushNotificationConfigs)$/.test(url) && method === 'POST';
      const answer = await harness.call(
        method,
        url,
        send ? body : url === '/acme/orders' ? {} : undefined,
        older ? { 'a2a-version': '' } : {},
      );
      if (expected === 'own') {
        expect(answer.text).toBe('own');
      } else if (expected === 'nobody') {
        // Outside a global prefix Nest leaves the answer to the adapter.
        const own = url.startsWith(base) ? { body: { statusCode: 404, message: `Cannot ${method} ${url}` } } : {};
        expect(answer).toMatchObject({ status: 404, ...own });
      } else if ('status' in expected) {
        expect(answer.status).toBe(expected.status);
        expect(answer.headers.get('allow')).toBe(expected.allow ?? null);
        if (method !== 'HEAD')
          expect(answer.body).toMatchObject(older ? { code: -32600 } : { error: { code: expected.status } });
      } else {
        const { operation, request = {}, ...context } = expected;
        expect(answer.status).toBe(200);
        expect(harness.seen).toMatchObject({ operation, request, context });
      }
      if (expected === 'nobody' || expected === 'own' || 'status' in expected) expect(harness.seen).toBeUndefined();
    });
  },
);
