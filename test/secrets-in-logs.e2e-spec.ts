import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { GrpcClient, readAll, SERVICES } from './support/grpc.client.js';
import { send, v03Send } from './support/grpc-messages.js';
import { Program } from './support/program.js';
import { RpcClient, V10, textMessage, v03Message } from './support/rpc.client.js';
import { ROOT } from './support/snippets.js';
import { until } from '../src/testing/contracts/until.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');

/** What nobody may find in a log: credentials, and what clients and agents say to each other. */
const SECRET = 'secret';
const CONTENT = 'planted-content';

const CREDENTIALS = {
  authorization: 'Bearer secret-of-the-caller',
  cookie: 'session=secret-cookie',
  'x-api-key': 'secret-key',
  'x-request-id': 'a secret that is not valid',
  traceparent: '00-secret',
};

const TALK = {
  metadata: { note: CONTENT },
  parts: [{ text: 'throw' }, { data: { value: CONTENT } }, { raw: 'AAAA', filename: CONTENT }],
};

describe.each(['text', 'json'])('the logs of the service as %s, with all that it logs,', (format) => {
  let program: Program;
  let receiver: WebhookReceiver;
  let grpc: GrpcClient;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    program = await Program.start({
      command: process.execPath,
      args: [path.join(dist, 'src', 'service', 'main.js'), '--lab'],
      cwd: ROOT,
      env: {
        PORT: '0',
        GRPC_PORT: '0',
        STORE: 'memory',
        LOG_LEVEL: 'verbose',
        A2A_LOG_FORMAT: format,
        A2A_PUSH_ALLOWED_HOSTS: '127.0.0.1',
      },
      ready: (line) => /Listening on (http[^\s"]+)/.exec(line)?.[1],
    });
    grpc = new GrpcClient(/gRPC listens on (127\.0\.0\.1:\d+)/.exec(program.output)?.[1] ?? '');
  });
  afterAll(async () => {
    grpc.close();
    await program.stop();
    await receiver.stop();
  });

  // Each binding and version has one agent that throws.
  const post = async (address: string, body: unknown, headers: Record<string, string> = V10): Promise<string> => {
    const response = await fetch(new URL(address, program.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...CREDENTIALS, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return response.text();
  };

  it('B16: hold no credentials and no content, whatever goes wrong', async () => {
    receiver.behave = (response) => response.writeHead(401).end();
    const url = new URL('/agents/lab', program.url).href;
    const client = new RpcClient(url, { ...V10, ...CREDENTIALS });
    const taskPushNotificationConfig = {
      url: `${receiver.url('/hook')}?key=secret-in-the-url`,
      token: 'secret-token',
      authentication: { scheme: 'Bearer', credentials: 'secret-of-the-webhook' },
    };
    const params = { message: textMessage('throw', TALK), configuration: { taskPushNotificationConfig } };
    await client.result('SendMessage', params);
    await receiver.until('/hook?key=secret-in-the-url', 1);
    await client.call('SendMessage', { message: { parts: 'secret-in-the-params' } });
    await client.call('Nothing', { credentials: 'secret-in-the-params' });
    const wrong = { taskId: 'x', ...taskPushNotificationConfig, url: 'http://user:secret-in-the-url@10.0.0.1/' };
    await client.call('CreateTaskPushNotificationConfig', wrong);

    const old = { message: v03Message('throw', { metadata: { note: CONTENT } }) };
    await post('/agents/lab', { jsonrpc: '2.0', id: CONTENT, method: 'message/send', params: old }, {});
    await post('/agents/lab', { jsonrpc: '2.0', id: 1, method: CONTENT, params: CONTENT });
    await post('/agents/lab', `{"jsonrpc": "${CONTENT}`);
    await post(`/agents/lab/message:send?key=secret-in-the-query`, { message: textMessage('throw', TALK) });
    await post('/agents/lab/message:stream', { message: textMessage(`echo ${CONTENT}`) });
    await post('/agents/lab/message:stream', { message: textMessage('fail', TALK) });
    await post('/agents/lab/message:send', { message: { ...textMessage(CONTENT), role: CONTENT } });
    await post(
      '/agents/lab/v1/message:send',
      {
        request: { messageId: CONTENT, role: 'ROLE_USER', content: [{ text: 'throw' }] },
      },
      {},
    );
    await post(`/agents/${SECRET}-agent`, {});
    const metadata = { 'a2a-version': '1.0', 'x-a2a-agent': 'lab', ...CREDENTIALS };
    await grpc.unary(SERVICES['1.0']['sendMessage'], send(TALK), metadata);
    await readAll(
      grpc.stream(SERVICES['1.0']['sendStreamingMessage'], send({ parts: [{ text: `echo ${CONTENT}` }] }), metadata),
    );
    const { 'a2a-version': _, ...older } = metadata;
    await grpc.unary(SERVICES['0.3']['sendMessage'], v03Send('throw'), older);
    await grpc.unary(SERVICES['1.0']['sendMessage'], send(), { ...metadata, 'x-a2a-agent': `${SECRET}-agent` });

    // The failure of the agent is logged after its task was answered.
    const failures = (): number => program.output.split('as asked').length - 1;
    await until(() => failures() >= 5);
    expect(program.output).not.toContain(SECRET);
    expect(program.output).not.toContain(CONTENT);
  });

  it('are one object a line, with the request and the task, if they are JSON', () => {
    if (format === 'text') return void expect(program.output).not.toContain('requestId');
    const lines = program.output.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const failed = lines.filter(({ message }) => String(message).includes("Agent 'lab' failed on task"));
    expect(failed.length).toBeGreaterThanOrEqual(5);
    for (const line of failed) {
      expect(line).toMatchObject({ level: 'error', context: 'Turn', agent: 'lab', owner: 'anonymous' });
      expect(line['requestId']).toEqual(expect.any(String));
      expect(line['message']).toContain(String(line['taskId']));
    }
  });
});
