import { type CanActivate, type ExecutionContext, ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type A2aPrincipal, setA2aPrincipal } from '../../src/security/principal.js';
import type { ListTasksResponse } from '../../src/protocol/model/index.js';
import type { GrpcCall } from '../../src/transports/grpc/grpc.options.js';
import type { Operation } from './support/binding.js';
import { type ConformanceClient, message } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer, setupsWith } from './support/setups.js';

interface GuardedRequest {
  readonly headers: Record<string, string | undefined>;
}

const ownerOf = (authorization = ''): string | undefined => /^Bearer (\w+)$/.exec(authorization)?.[1];

/** `Bearer NAME` is user NAME; `locked` may do nothing. */
class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const owner = ownerOf(request.headers['authorization']);
    if (owner === undefined) throw new UnauthorizedException();
    if (owner === 'locked') throw new ForbiddenException();
    setA2aPrincipal(request, { owner });
    return true;
  }
}

/** The same over gRPC. */
function authenticate({ headers }: GrpcCall): A2aPrincipal {
  const owner = ownerOf(headers['authorization']);
  if (owner === undefined) throw new UnauthorizedException();
  if (owner === 'locked') throw new ForbiddenException();
  return { owner };
}

const guarded = { agents: [scriptAgent(), { provide: APP_GUARD, useClass: BearerGuard }], authenticate };

/** Each operation on a task, with what it is asked. */
const ON_TASKS: readonly (readonly [Operation, (id: string) => object])[] = [
  ['GetTask', (id) => ({ id })],
  ['CancelTask', (id) => ({ id })],
  ['SubscribeToTask', (id) => ({ id })],
  ['SendMessage', (taskId) => ({ message: message('42', { taskId }) })],
  ['SendStreamingMessage', (taskId) => ({ message: message('42', { taskId }) })],
];

describe.each(ALL_SETUPS)('callers over %s', (_, setup) => {
  let server: ConformanceServer;
  let alice: ConformanceClient;
  let mallory: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, guarded);
    alice = server.client({ authorization: 'Bearer alice' });
    mallory = server.client({ authorization: 'Bearer mallory' });
  });
  afterAll(() => server.close());

  it.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic YWxpY2U6' }],
    ['nobody', { authorization: 'Bearer ' }],
  ] as [string, Record<string, string>][])(
    'B2, B6, B9: are refused with %s, whatever they ask',
    async (__, headers) => {
      const stranger = server.client(headers);
      for (const [operation, request] of ON_TASKS) {
        expect(await stranger.failure(operation, request(randomUUID()))).toMatchObject({ reason: 'UNAUTHENTICATED' });
      }
      const send = { message: message('echo hi') };
      expect(await stranger.failure('SendMessage', send)).toMatchObject({ reason: 'UNAUTHENTICATED' });
    },
  );

  it('B4: are told that they may not when they are known', async () => {
    const locked = server.client({ authorization: 'Bearer locked' });
    expect(await locked.failure('SendMessage', { message: message('echo hi') })).toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
  });

  it.each(ON_TASKS)('B5, B8, C7: cannot tell by %s a task of others from none', async (operation, request) => {
    const { id } = await alice.send('ask');
    const ended = await alice.send('echo hi');
    const none = randomUUID();
    const answers = [];
    for (const asked of [id, ended.id, none]) {
      const failure = await mallory.failure(operation, request(asked));
      answers.push(JSON.stringify(failure).replaceAll(asked, 'ID'));
    }
    expect(new Set(answers)).toEqual(new Set([expect.stringContaining('TASK_NOT_FOUND')]));
    expect((await alice.get(id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it('B5: are not given the tasks of others that they refer to', async () => {
    const { id } = await alice.send('echo secret');
    const task = await mallory.send('references', { referenceTaskIds: [id] });
    expect(task.artifacts?.[0]?.parts).toEqual([{ text: '[]' }]);
  });

  it('B7: may use the context of others, and see none of it', async () => {
    const { contextId, id } = await alice.send('echo hi');
    const own = await mallory.send('echo hi', { contextId });
    expect(own.id).not.toBe(id);
    expect((await mallory.get(own.id)).history).toHaveLength(1);
  });
});

describe.each(setupsWith('ListTasks'))('callers over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, guarded);
  });
  afterAll(() => server.close());

  it('B7, F1: list their own tasks, whatever they filter by, and cannot use the page tokens of others', async () => {
    const alice = server.client({ authorization: 'Bearer alice' });
    const mallory = server.client({ authorization: 'Bearer mallory' });
    const [one, two] = [await alice.send('echo hi'), await alice.send('echo hi')];
    const own = await mallory.send('echo hi', { contextId: one.contextId });
    const list = (client: ConformanceClient, request: object): Promise<ListTasksResponse> =>
      client.result('ListTasks', request);
    for (const request of [{}, { contextId: one.contextId }, { status: 'TASK_STATE_COMPLETED' }]) {
      const { tasks, totalSize } = await list(mallory, request);
      expect(tasks.map(({ id }) => id)).toEqual([own.id]);
      expect(totalSize).toBe(1);
    }
    expect(await list(mallory, { contextId: two.contextId })).toMatchObject({ tasks: [], totalSize: 0 });
    const { nextPageToken } = await list(alice, { pageSize: 1 });
    expect(nextPageToken).not.toBe('');
    const stolen = await mallory.failure('ListTasks', { pageSize: 1, pageToken: nextPageToken });
    expect(stolen).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['pageToken'] });
  });
});
