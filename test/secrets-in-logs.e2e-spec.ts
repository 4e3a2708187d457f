import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from './support/program.js';
import { RpcClient, V10, textMessage } from './support/rpc.client.js';
import { ROOT } from './support/snippets.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');

describe('the logs of the service, with all that it logs,', () => {
  let program: Program;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    program = await Program.start({
      command: process.execPath,
      args: [path.join(dist, 'src', 'service', 'main.js'), '--lab'],
      cwd: ROOT,
      env: { PORT: '0', STORE: 'memory', LOG_LEVEL: 'verbose', A2A_PUSH_ALLOWED_HOSTS: '127.0.0.1' },
      ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
    });
  }, 60_000);
  afterAll(async () => {
    await program.stop();
    await receiver.stop();
  });

  it('B16: hold no credentials, whatever goes wrong', async () => {
    receiver.behave = (response) => response.writeHead(401).end();
    const url = new URL('/agents/lab', program.url).href;
    const client = new RpcClient(url, { ...V10, authorization: 'Bearer secret-of-the-caller' });
    const taskPushNotificationConfig = {
      url: `${receiver.url('/hook')}?key=secret-in-the-url`,
      token: 'secret-token',
      authentication: { scheme: 'Bearer', credentials: 'secret-of-the-webhook' },
    };
    const params = { message: textMessage('throw'), configuration: { taskPushNotificationConfig } };
    await client.result('SendMessage', params);
    await receiver.until('/hook?key=secret-in-the-url', 1);
    await client.call('SendMessage', { message: { parts: 'secret-in-the-params' } });
    await client.call('Nothing', { credentials: 'secret-in-the-params' });
    const wrong = { taskId: 'x', ...taskPushNotificationConfig, url: 'http://user:secret-in-the-url@10.0.0.1/' };
    await client.call('CreateTaskPushNotificationConfig', wrong);
    // The failure of the agent is logged after its task was answered.
    for (let waited = 0; !program.output.includes('as asked') && waited < 5_000; waited += 50) await sleep(50);
    expect(program.output).toContain('as asked');
    expect(program.output).not.toContain('secret');
  });
});
