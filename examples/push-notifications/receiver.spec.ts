import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FollowedTasks } from './followed-tasks.js';
import { createReceiver } from './receiver.js';

Logger.overrideLogger(false);

const update = (state: string) => ({ statusUpdate: { taskId: 't', contextId: 'c', status: { state } } });

describe('the receiver of push notifications', () => {
  let app: NestExpressApplication;
  let url = '';
  beforeAll(async () => {
    app = await createReceiver('secret');
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/webhook`;
  });
  afterAll(() => app.close());

  const post = async (id: string, body: object, token?: string): Promise<number> => {
    const headers = { 'content-type': 'application/a2a+json', 'x-a2a-notification-id': id };
    const request = { method: 'POST', headers: { ...headers, ...(token && { 'x-a2a-notification-token': token }) } };
    return (await fetch(url, { ...request, body: JSON.stringify(body) })).status;
  };

  it('takes notifications with the token, each once, and keeps the state of their task', async () => {
    const tasks = app.get(FollowedTasks);
    expect(
      await post('t/1', { task: { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } } }, 'secret'),
    ).toBe(204);
    expect(await post('t/2', update('TASK_STATE_WORKING'), 'secret')).toBe(204);
    expect(
      await post(
        't/3',
        { artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text: 'x' }] } } },
        'secret',
      ),
    ).toBe(204);
    expect(await post('t/4', update('TASK_STATE_COMPLETED'), 'secret')).toBe(204);
    expect(await post('t/2', update('TASK_STATE_WORKING'), 'secret')).toBe(204);
    expect([tasks.stateOf('t'), tasks.count]).toEqual(['TASK_STATE_COMPLETED', 4]);
  });

  it('echoes what it is asked when it is made a webhook, without the token, as plain text', async () => {
    const answer = await fetch(`${url}?a=b&validationToken=${encodeURIComponent('<b>x</b>')}`);
    expect([answer.status, await answer.text()]).toEqual([200, '<b>x</b>']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it('refuses those without it', async () => {
    expect(await post('t/9', update('TASK_STATE_FAILED'))).toBe(401);
    expect(await post('t/9', update('TASK_STATE_FAILED'), 'secret2')).toBe(401);
    expect(app.get(FollowedTasks).stateOf('t')).toBe('TASK_STATE_COMPLETED');
  });
});
