import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { httpsCall, type HttpsCall } from './support/https.client.js';
import { Program } from './support/program.js';
import { textMessage, V10, v03Message } from './support/rpc.client.js';
import { ROOT } from './support/snippets.js';
import { ADAPTERS } from './support/test-app.js';
import { CA, CLIENT, OTHER_CA, OTHER_CLIENT, RENEWED, SERVER, tlsFile } from './support/tls/index.js';
import { until } from '../src/testing/contracts/until.js';

const MAIN = path.join(process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist'), 'src/service/main.js');
const FILES = { TLS_CERT_FILE: tlsFile('server.crt'), TLS_KEY_FILE: tlsFile('server.key') };

/** Resolves with the URL that the log names. */
const start = (env: Record<string, string>): Promise<Program> =>
  Program.start({
    command: process.execPath,
    args: [MAIN, '--lab'],
    cwd: ROOT,
    env: { STORE: 'memory', PORT: '0', ...env },
    ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
  });

const rpc = (method: string, params: object) => ({ jsonrpc: '2.0', id: 1, method, params });

/** The calls of both versions of the protocol. */
const VERSIONS = [
  {
    version: '1.0',
    headers: V10,
    send: (text: string) => rpc('SendMessage', { message: textMessage(text) }),
    stream: (text: string) => rpc('SendStreamingMessage', { message: textMessage(text) }),
    rest: { path: 'message:send', body: (text: string) => ({ message: textMessage(text) }) },
    completed: 'TASK_STATE_COMPLETED',
  },
  {
    version: '0.3',
    headers: {},
    send: (text: string) => rpc('message/send', { message: v03Message(text) }),
    stream: (text: string) => rpc('message/stream', { message: v03Message(text) }),
    rest: {
      path: 'v1/message:send',
      body: (text: string) => ({ message: { messageId: text, role: 'ROLE_USER', content: [{ text }] } }),
    },
    completed: /"completed"|TASK_STATE_COMPLETED/,
  },
] as const;

describe.each(ADAPTERS)('the service with TLS_CERT_FILE on %s', (adapter) => {
  let service: Program;
  beforeAll(async () => {
    service = await start({ ...FILES, HTTP_ADAPTER: adapter });
  });
  afterAll(() => service.stop('SIGKILL'));

  describe.each(VERSIONS)('in version $version', ({ headers, send, stream, rest, completed }) => {
    const call = (below: string, body: object) => httpsCall(`${service.url}/agents/lab${below}`, { headers, body });

    it('B1: answers JSON-RPC and HTTP+JSON over TLS, and streams', async () => {
      for (const answer of [
        await call('', send('echo one')),
        await call(`/${rest.path}`, rest.body('echo two')),
        await call('', stream('stream 3 10')),
      ]) {
        expect(answer.status).toBe(200);
        expect(answer.text).toMatch(completed);
      }
      const { headers: got } = await call('', stream('echo three'));
      expect(got['content-type']).toContain('text/event-stream');
    });

    it('has https in the URLs of its cards', async () => {
      expect(service.url).toMatch(/^https:/);
      const { text } = await httpsCall(`${service.url}/agents/lab/.well-known/agent-card.json`, { headers });
      expect(text).toContain(`"url":"${service.url}/agents/lab"`);
      expect(text).not.toContain('http:');
    });
  });

  it.each(['/health/live', '/health/ready', '/docs-json', '/docs', '/console/'])('serves %s', async (page) => {
    expect(await httpsCall(service.url + page)).toMatchObject({ status: 200 });
  });

  it('is alive for the health check of the image', () => {
    const [, check = '[]'] = /^ {2}CMD (\[.*\])$/m.exec(readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
    const [command = '', ...args] = JSON.parse(check) as string[];
    const codes = [{ ...FILES }, {}].map((env) => {
      return spawnSync(command, args, { env: { PATH: process.env.PATH, PORT: new URL(service.url).port, ...env } })
        .status;
    });
    // Over plain HTTP it gets no answer.
    expect(codes).toEqual([0, 1]);
  });

  it('answers nobody without TLS', async () => {
    await expect(fetch(`${service.url.replace('https:', 'http:')}/health/live`)).rejects.toThrow();
  });
});

describe.each(ADAPTERS)('the service with TLS_CLIENT_CA_FILE on %s', (adapter) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'a2a-tls-'));
  const bothCas = path.join(folder, 'clients.crt');
  let service: Program;
  beforeAll(async () => {
    writeFileSync(bothCas, Buffer.concat([CA, OTHER_CA]));
    const mtls = { TLS_CLIENT_CA_FILE: bothCas, A2A_MTLS_OWNER: 'cn' };
    service = await start({ ...FILES, ...mtls, HTTP_ADAPTER: adapter });
  });
  afterAll(async () => {
    await service.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const call = (below: string, { headers = V10, ...sent }: HttpsCall) =>
    httpsCall(`${service.url}/agents/lab${below}`, { headers, ...sent });

  it('takes the subject as the owner, and shows the tasks of one to no other', async () => {
    const sent = await call('/message:send', { certificate: CLIENT, body: { message: textMessage('echo mine') } });
    expect(sent.status).toBe(200);
    const { id } = (JSON.parse(sent.text) as { task: { id: string } }).task;
    const read = (certificate: typeof CLIENT) => call(`/tasks/${id}`, { certificate });
    expect(await read(CLIENT)).toMatchObject({ status: 200, text: expect.stringContaining(id) });
    const other = await read(OTHER_CLIENT);
    const none = await call(`/tasks/${id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`, {
      certificate: OTHER_CLIENT,
    });
    expect([other.status, none.status]).toEqual([404, 404]);
    expect(other.text.replaceAll(id, '')).toBe(none.text.replaceAll(/[0-9a-f-]{36}/g, ''));
    expect(await call('/tasks', { certificate: OTHER_CLIENT })).toMatchObject({
      status: 200,
      text: expect.stringContaining(`"tasks":[]`),
    });
  });

  it.each(VERSIONS)(
    'refuses calls without a certificate in version $version',
    async ({ headers, send, stream, rest }) => {
      const answers = [
        await call('', { headers, body: send('echo') }),
        await call('', { headers, body: stream('echo') }),
        await call(`/${rest.path}`, { headers, body: rest.body('echo') }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    },
  );

  it('answers probes and shows cards without a certificate, and the cards ask for one', async () => {
    const live = await httpsCall(`${service.url}/health/live`);
    const card = await call('/.well-known/agent-card.json', {});
    expect([live.status, card.status]).toEqual([200, 200]);
    expect(card.text).toContain('mtlsSecurityScheme');
  });
});

describe('the service with certificates', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'a2a-tls-'));
  let service: Program | undefined;
  afterEach(() => service?.stop('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses client certificates of other authorities', async () => {
    service = await start({ ...FILES, TLS_CLIENT_CA_FILE: tlsFile('ca.crt'), A2A_MTLS_OWNER: 'cn' });
    const url = `${service.url}/agents/lab/tasks`;
    const statuses = [CLIENT, OTHER_CLIENT].map(async (certificate) => {
      return (await httpsCall(url, { headers: V10, certificate })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 401]);
  });

  it.each(ADAPTERS)(
    'serves renewed files without a restart, and keeps the old ones until both fit, on %s',
    async (adapter) => {
      const [cert, key] = [path.join(folder, `${adapter}.crt`), path.join(folder, `${adapter}.key`)];
      copyFileSync(tlsFile('server.crt'), cert);
      copyFileSync(tlsFile('server.key'), key);
      chmodSync(key, 0o600);
      const running = (service = await start({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key, HTTP_ADAPTER: adapter }));
      const trusting = (ca: Buffer) =>
        httpsCall(`${running.url}/health/live`, { ca }).then(
          ({ status }) => status,
          () => 0,
        );
      expect([await trusting(CA), await trusting(OTHER_CA)]).toEqual([200, 0]);
      writeFileSync(cert, RENEWED.cert);
      await until(() => running.output.includes('HTTP keeps the certificate of before.'));
      await until(() => running.output.includes('TLS_KEY_FILE with TLS_CERT_FILE cannot be used'));
      expect([await trusting(CA), await trusting(OTHER_CA)]).toEqual([200, 0]);
      writeFileSync(key, RENEWED.key);
      await until(() => running.output.includes('get the renewed certificate, which is valid until'));
      expect([await trusting(CA), await trusting(OTHER_CA)]).toEqual([0, 200]);
      for (const secret of [SERVER.key, RENEWED.key])
        expect(running.output).not.toContain(secret.toString().slice(30, 90));
    },
  );

  it('has TLS of its own for operators, who must present a certificate if a CA is named', async () => {
    const admin = {
      ADMIN_PORT: '0',
      ADMIN_TLS_CERT_FILE: tlsFile('server.crt'),
      ADMIN_TLS_KEY_FILE: tlsFile('server.key'),
      ADMIN_TLS_CLIENT_CA_FILE: tlsFile('ca.crt'),
    };
    service = await start(admin);
    expect(service.url).toMatch(/^http:/);
    const url = /Operators: (https:\S+)/.exec(service.output)?.[1];
    expect(await httpsCall(`${url}/health`, { certificate: CLIENT })).toMatchObject({ status: 200 });
    await expect(httpsCall(`${url}/health`)).rejects.toThrow();
    await expect(httpsCall(`${url}/health`, { certificate: OTHER_CLIENT })).rejects.toThrow();
  });

  it('cuts off who connects and begins no TLS', async () => {
    service = await start({ ...FILES, A2A_REQUEST_IDLE_MS: '3000' });
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(await httpsCall(`${service.url}/health/live`)).toMatchObject({ status: 200 });
  });

  it('ends in order when it is told to, while a client keeps its connection', async () => {
    service = await start(FILES);
    const agent = new https.Agent({ keepAlive: true, ca: CA });
    await new Promise((resolve) =>
      https.get(`${service!.url}/health/live`, { agent }, (response) => response.resume().on('end', resolve)),
    );
    expect(await service.stop('SIGTERM')).toBe(0);
    agent.destroy();
  });

  it('does not start with a key of another certificate, says so in one line, and shows nothing of the key', async () => {
    const output = await start({ ...FILES, TLS_KEY_FILE: tlsFile('client.key') }).catch((error: unknown) =>
      String(error),
    );
    expect(output).toContain('TLS_KEY_FILE with TLS_CERT_FILE cannot be used');
    expect(output).not.toMatch(/\n\s+at /);
    expect(output).not.toContain('PRIVATE KEY');
  });
});
