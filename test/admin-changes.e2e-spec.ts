import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { AdminEventJson, AdminOverview, AdminTaskRow } from '../src/admin/admin-api.types.js';
import type { Task } from '../src/protocol/model/index.js';
import { Gate } from './support/agent-of.js';
import { AdminApp, OPERATOR } from './support/admin-app.js';
import { textMessage } from './support/rpc.client.js';
import type { SseEvent } from './support/sse.client.js';
import { ADAPTERS } from './support/test-app.js';

describe.each(ADAPTERS)('what operators follow and change on %s', (adapter) => {
  const admin = new AdminApp(adapter);
  let ended: Task;

  beforeAll(async () => {
    await admin.start();
    ended = await admin.send('hello');
  });
  afterAll(() => admin.close());

  it('streams the events of a task while they are committed, and continues after the last one', async () => {
    const task = await admin.send('wait', 'dave');
    const stream = await admin.open(`tasks/${task.id}/events/stream`);
    expect(stream.status).toBe(200);
    const events: SseEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (events.length === 2) admin.gate.open();
    }
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    const last = JSON.parse(events[3]!.data) as AdminEventJson;
    expect(last).toMatchObject({ seq: 4, kind: 'status' });
    expect((last.event as { statusUpdate: { status: { state: string } } }).statusUpdate.status.state).toBe(
      'TASK_STATE_COMPLETED',
    );
    const resumed = await admin.open(`tasks/${task.id}/events/stream`, { 'last-event-id': '2' });
    expect((await resumed.all()).map(({ id }) => id)).toEqual(['3', '4']);
    expect((await (await admin.open(`tasks/${task.id}/events/stream?after=3`)).all()).map(({ id }) => id)).toEqual([
      '4',
    ]);
    const nothing = await admin.open(`tasks/${task.id}/events/stream`, { 'last-event-id': '4' });
    expect([nothing.status, await nothing.all()]).toEqual([204, []]);
  });

  it('answers event streams with the same statuses behind an interceptor of the application', async () => {
    const behind = new AdminApp(adapter);
    const seen: string[] = [];
    const interceptor: NestInterceptor = {
      intercept: (context, next) => {
        seen.push(context.switchToHttp().getRequest<{ url: string }>().url);
        return next.handle();
      },
    };
    @Module({ providers: [{ provide: APP_INTERCEPTOR, useValue: interceptor }] })
    class InterceptingModule {}
    // A storage that answers later than at once.
    await behind.start({ maxStreams: 1 }, { storage: 'postgres' }, [InterceptingModule]);
    try {
      const { id } = await behind.send('hello');
      const stream = (query: string) => `tasks/${id}/events/stream${query}`;
      expect((await (await behind.open(stream('?after=2'))).all()).map((event) => event.id)).toEqual(['3', '4']);
      expect((await behind.open(stream('?after=4'))).status).toBe(204);
      expect(await behind.codeOf('tasks/nothing/events/stream')).toEqual([404, 'NOT_FOUND']);
      expect(await behind.codeOf(stream('?after=77'))).toEqual([400, 'INVALID_PARAMS']);
      expect(await behind.codeOf(stream('?before=1'))).toEqual([400, 'INVALID_PARAMS']);
      expect(await behind.codeOf('changes?a=1')).toEqual([400, 'INVALID_PARAMS']);
      expect(await behind.codeOf(stream(''), { headers: {} })).toEqual([401, 'UNAUTHENTICATED']);
      const changes = await behind.open('changes');
      expect(changes.status).toBe(200);
      expect(await behind.codeOf('changes')).toEqual([429, 'RESOURCE_EXHAUSTED']);
      changes.close();
      expect(seen).toContain(`/admin/${stream('?after=2')}`);
    } finally {
      await behind.close();
    }
  });

  it('refuses HEAD on a stream, and an event that was never written', async () => {
    expect((await admin.open(`tasks/${ended.id}/events/stream`, {}, 'HEAD')).status).toBe(405);
    expect(await admin.codeOf(`tasks/${ended.id}/events/stream?after=77`)).toEqual([400, 'INVALID_PARAMS']);
  });

  it('tells of tasks that change', async () => {
    const stream = await admin.open('changes');
    expect(stream.status).toBe(200);
    const task = await admin.send('news', 'erin');
    for await (const event of stream) {
      const { taskId, seq } = JSON.parse(event.data) as { taskId: string; seq: number };
      if (taskId === task.id && seq === 4) break;
    }
    stream.close();
  });

  it('cancels a task of another owner', async () => {
    admin.gate = new Gate();
    const task = await admin.send('wait', 'frank');
    const { status, body } = await admin.call<AdminTaskRow>(`tasks/${task.id}/cancel`, { method: 'POST' });
    expect([status, body.state]).toEqual([200, 'TASK_STATE_CANCELED']);
    expect(await admin.codeOf(`tasks/${task.id}/cancel`, { method: 'POST' })).toEqual([400, 'TASK_NOT_CANCELABLE']);
  });

  it.each([
    ['POST', 'deliveries/77/redrive'],
    ['DELETE', 'deliveries/77'],
    ['DELETE', 'deliveries/%00'],
    ['POST', 'webhooks/nothing/x/disable'],
    ['POST', 'tasks/nothing/cancel'],
  ])('answers 404 to %s %s', async (method, path) =>
    expect(await admin.codeOf(path, { method })).toEqual([404, 'NOT_FOUND']),
  );

  describe('access', () => {
    it('is for operators', async () => {
      expect(await admin.codeOf('session', { headers: {} })).toEqual([401, 'UNAUTHENTICATED']);
      expect(await admin.codeOf('session', { headers: { authorization: 'Bearer client' } })).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect((await admin.open(`tasks/${ended.id}/events/stream`, { authorization: 'x' })).status).toBe(403);
      expect(await admin.codeOf('drain', { method: 'POST', headers: {} })).toEqual([401, 'UNAUTHENTICATED']);
    });

    it('is refused to pages of another origin', async () => {
      const { host } = new URL(admin.origin);
      expect(await admin.codeOf('session', { headers: { ...OPERATOR, origin: 'https://evil.example' } })).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect(await admin.codeOf('session', { headers: { ...OPERATOR, origin: 'null' } })).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect((await admin.call('session', { headers: { ...OPERATOR, origin: `http://${host}` } })).status).toBe(200);
    });

    it('needs the header for what changes something', async () => {
      expect(await admin.codeOf('drain', { method: 'POST', headers: OPERATOR })).toEqual([403, 'PERMISSION_DENIED']);
      expect(await admin.codeOf('deliveries/1', { method: 'DELETE', headers: OPERATOR })).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
    });
  });

  it('drains the replica, which then takes no tasks', async () => {
    const { status, body } = await admin.call<object>('drain', { method: 'POST' });
    expect([status, body]).toEqual([202, { draining: true }]);
    expect((await admin.call<AdminOverview>('overview')).body.draining).toBe(true);
    const { error } = await admin.rpc('alice').call('SendMessage', { message: textMessage('late') });
    expect(error?.code).toBe(-32053);
  });
});

describe('the boot', () => {
  const boot = async (...given: Parameters<AdminApp['start']>): Promise<string> => {
    const admin = new AdminApp('express');
    try {
      await admin.start(...given);
      return '';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await admin.close();
    }
  };

  it('fails without authorize', async () => {
    expect(await boot({ authorize: undefined })).toMatch(/^A2aAdminModule: authorize is missing/);
  });

  it('fails if the paths would be those of a tenant', async () => {
    expect(await boot({}, { path: '' })).toMatch(/those of a tenant of A2A: \/admin\/tasks/);
    expect(await boot({ path: 'ops/admin' }, { path: '' })).toBe('');
    expect(await boot({}, { path: '', bindings: { tenantPaths: false } })).toBe('');
  });
});
