import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { AdminList, AdminSession, AdminTaskRow } from '../src/admin/admin-api.types.js';
import { CONTROLLERS } from '../src/admin/a2a-admin.module.js';
import { routesOf } from '../src/admin/openapi/admin.document.js';
import { newApiKey } from '../src/security/authentication/api-keys/api-key.js';
import { startAdmin } from '../src/service/admin/start-admin.js';
import { AppModule } from '../src/service/app.module.js';
import { adminToken } from '../src/service/configuration/admin-token.js';
import { loadEnvironment } from '../src/service/configuration/load-environment.js';
import { httpAdapter } from '../src/service/http/http-adapter.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { ADAPTERS } from './support/test-app.js';

const TOKEN = 'an-operator-token-of-more-than-32-characters';
const WRITE = { 'x-a2a-admin': '1' };

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Unlike fetch, it sends any Host. */
function request(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method, headers, agent: false }, (response) => {
      response
        .setEncoding('utf8')
        .toArray()
        .then(
          (chunks) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: chunks.join('') }),
          reject,
        );
    });
    sent.on('error', reject).end();
  });
}

describe.each(ADAPTERS)('the admin listener on %s', (adapter) => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-admin-'));
  let main: INestApplication;
  let admin: INestApplication;
  let origin: string;
  let agents: string;

  const file = (name: string, text: string): string => {
    const at = path.join(directory, name);
    writeFileSync(at, text, { mode: 0o600 });
    return at;
  };
  const serve = async (env: NodeJS.ProcessEnv = {}): Promise<void> => {
    const environment = loadEnvironment(
      { PORT: '0', ADMIN_PORT: '0', STORE: 'memory', HTTP_ADAPTER: adapter, A2A_DRAIN_MS: '100', ...env },
      { warn: () => undefined },
    );
    const module = await AppModule.register({ environment, lab: true });
    main = await NestFactory.create(module, await httpAdapter(adapter), {
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    await main.listen(0, '127.0.0.1');
    admin = await startAdmin(main, { environment, token: adminToken(environment) });
    [agents, origin] = [await main.getUrl(), await admin.getUrl()];
  };
  const close = async (): Promise<void> => {
    await admin.close();
    await main.close();
  };
  const codeOf = ({ status, text }: Answer): unknown => [
    status,
    (JSON.parse(text) as { error: { code: string } }).error.code,
  ];

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  describe('on loopback', () => {
    const traceUrl = 'https://traces.example.com/{traceId}';
    beforeAll(() => serve({ A2A_TRACE_URL: traceUrl }));
    afterAll(close);

    it('serves the API at the root, for the agents of the other listener', async () => {
      const { id } = (
        await new RpcClient(`${agents}/agents/lab`).result<{ task: { id: string } }>('SendMessage', {
          message: textMessage('echo hello'),
        })
      ).task;
      const answer = await request(`${origin}/tasks/${id}`);
      expect(JSON.parse(answer.text) as AdminTaskRow).toMatchObject({
        id,
        agent: 'lab',
        state: 'TASK_STATE_COMPLETED',
      });
      const { text } = await request(`${origin}/tasks`);
      expect((JSON.parse(text) as AdminList<AdminTaskRow>).rows.map((row) => row.id)).toContain(id);
      const session = JSON.parse((await request(`${origin}/session`)).text) as AdminSession;
      expect(session).toEqual({ readOnly: false, agentsPath: '', lab: false, traceUrl });
    });

    it('is the only one that serves it', async () => {
      for (const { path: at, method } of routesOf(CONTROLLERS)) {
        const url = agents + at.replaceAll(/\{\w+\}/g, '00000000-0000-0000-0000-000000000000');
        const { status, text } = await request(url, WRITE, method.toUpperCase());
        expect([at, text.includes('"rows"')]).toEqual([at, false]);
        expect([at, [400, 404, 405].includes(status)]).toEqual([at, true]);
      }
      expect((await request(`${origin}/agents/lab`, {}, 'POST')).status).toBe(403);
      expect((await request(`${origin}/agents/lab`, WRITE, 'POST')).status).toBe(404);
    });

    it('answers only under a name of this machine', async () => {
      const { port } = new URL(origin);
      for (const host of [
        `rebound.example:${port}`,
        'rebound.example',
        `localhost.evil.example:${port}`,
        'a@localhost',
      ]) {
        expect([host, codeOf(await request(`${origin}/session`, { host }))]).toEqual([
          host,
          [403, 'PERMISSION_DENIED'],
        ]);
      }
      for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
        expect([host, (await request(`${origin}/session`, { host })).status]).toEqual([host, 200]);
      }
      expect((await request(`${origin}/health`, { host: 'rebound.example' })).status).toBe(403);
    });

    it('answers neither pages of another origin nor a proxy', async () => {
      expect(codeOf(await request(`${origin}/session`, { origin: 'http://localhost:1' }))).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect(codeOf(await request(`${origin}/session`, { 'x-forwarded-for': '10.0.0.1' }))).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect((await request(`${origin}/session`, { origin })).status).toBe(200);
    });

    it('refuses to change something without the header', async () => {
      for (const { path: at, method } of routesOf(CONTROLLERS).filter((route) => route.method !== 'get')) {
        const url = origin + at.replaceAll(/\{\w+\}/g, '1');
        expect([at, codeOf(await request(url, {}, method.toUpperCase()))]).toEqual([at, [403, 'PERMISSION_DENIED']]);
      }
    });

    it('answers errors of the adapter in its own form', async () => {
      expect(codeOf(await request(`${origin}/nothing`))).toEqual([404, 'NOT_FOUND']);
      expect((await request(`${origin}/tasks/%E0%A4%A`)).status).toBe(400);
    });

    it('shows details of health', async () => {
      const { status, text, headers } = await request(`${origin}/health`);
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
      const { status: all, details } = JSON.parse(text) as { status: string; details: Record<string, object> };
      expect(all).toBe('ok');
      expect(Object.keys(details)).toEqual(['storage', 'lease', 'bus', 'drain', 'runQueue', 'outbox']);
      expect(details.runQueue).toEqual({ status: 'up', waiting: 0, limit: 10_000 });
    });

    it('describes itself: each route, in a valid document', async () => {
      const { text } = await request(`${origin}/openapi.json`);
      const document = JSON.parse(text) as { paths: Record<string, object> };
      const { valid, errors } = await new Validator().validate(document as never);
      expect([valid, errors]).toEqual([true, undefined]);
      const routes = Object.entries(document.paths).flatMap(([at, methods]) =>
        Object.keys(methods).map((method) => `${method} ${at}`),
      );
      expect(routes.sort()).toEqual(
        routesOf(CONTROLLERS)
          .map(({ method, path: at }) => `${method} ${at}`)
          .sort(),
      );
      expect(routes).toHaveLength(21);
    });
  });

  describe('with a token', () => {
    beforeAll(() => serve({ A2A_ADMIN_TOKEN_FILE: file('token', `${TOKEN}\n`), A2A_ADMIN_READ_ONLY: 'true' }));
    afterAll(close);

    it.each(['session', 'health', 'openapi.json', 'nothing'])('asks for it at /%s', async (at) => {
      const answer = await request(`${origin}/${at}`);
      expect(codeOf(answer)).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      const wrong = await request(`${origin}/${at}`, { authorization: `Bearer ${TOKEN.slice(0, -1)}` });
      expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"']);
      expect((await request(`${origin}/${at}`, { authorization: `Bearer ${TOKEN}` })).status).toBe(
        at === 'nothing' ? 404 : 200,
      );
    });

    it('changes nothing if it is read-only', async () => {
      const headers = { authorization: `Bearer ${TOKEN}`, ...WRITE };
      expect(codeOf(await request(`${origin}/drain`, headers, 'POST'))).toEqual([403, 'PERMISSION_DENIED']);
      expect(JSON.parse((await request(`${origin}/session`, headers)).text)).toMatchObject({ readOnly: true });
    });
  });

  describe('with a role', () => {
    const [operator, client] = [newApiKey(), newApiKey()];
    const keys = [
      { id: operator.id, hash: operator.hash, owner: 'olga', claims: { roles: ['reader', 'a2a-operator'] } },
      { id: client.id, hash: client.hash, owner: 'carl', scopes: ['a2a-operator'] },
    ];
    beforeAll(() =>
      serve({
        A2A_API_KEYS_FILE: file('keys.json', JSON.stringify({ keys })),
        A2A_ADMIN_ROLE: 'a2a-operator',
        A2A_REQUIRED_SCOPES: 'agents:use',
      }),
    );
    afterAll(close);

    it('admits callers of agents who have it, and no others', async () => {
      expect(codeOf(await request(`${origin}/session`))).toEqual([401, 'UNAUTHENTICATED']);
      expect(codeOf(await request(`${origin}/session`, { 'x-api-key': client.key }))).toEqual([
        403,
        'PERMISSION_DENIED',
      ]);
      expect(codeOf(await request(`${origin}/session`, { 'x-api-key': newApiKey().key }))).toEqual([
        401,
        'UNAUTHENTICATED',
      ]);
      expect((await request(`${origin}/session`, { 'x-api-key': operator.key })).status).toBe(200);
    });
  });

  describe('during a drain', () => {
    beforeAll(() => serve());
    afterAll(close);

    it('answers, while the service is not ready', async () => {
      expect((await request(`${agents}/health/ready`)).status).toBe(200);
      expect((await request(`${origin}/drain`, WRITE, 'POST')).status).toBe(202);
      const ready = await request(`${agents}/health/ready`);
      expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: 'draining', checks: {} }]);
      const health = await request(`${origin}/health`);
      expect(health.status).toBe(503);
      expect(JSON.parse(health.text)).toMatchObject({ status: 'error', error: { drain: { status: 'down' } } });
      const late = await new RpcClient(`${agents}/agents/lab`).call('SendMessage', {
        message: textMessage('echo late'),
      });
      expect(late.error?.code).toBe(-32053);
    });
  });

  describe('its configuration', () => {
    const problems = (env: NodeJS.ProcessEnv): string => {
      try {
        adminToken(loadEnvironment({ ADMIN_PORT: '0', ...env }, { warn: () => undefined }));
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };

    it('needs a token or a role beyond loopback', () => {
      expect(problems({ ADMIN_HOST: '0.0.0.0' })).toMatch(
        /A2A_ADMIN_TOKEN_FILE or A2A_ADMIN_ROLE must be set when ADMIN_HOST \(0\.0\.0\.0\)/,
      );
      expect(problems({ ADMIN_HOST: '0.0.0.0', A2A_ADMIN_TOKEN_FILE: file('good', TOKEN) })).toBe('');
    });

    it('needs callers for a role', () => {
      expect(problems({ A2A_ADMIN_ROLE: 'operator' })).toMatch(/A2A_ADMIN_ROLE needs callers that are identified/);
    });

    it('needs a long token in a private file, and does not quote it', () => {
      const short = problems({ A2A_ADMIN_TOKEN_FILE: file('short', 'hunter2') });
      expect(short).toMatch(/A2A_ADMIN_TOKEN_FILE: .* has 7 characters; it needs 32 or more/);
      expect(short).not.toContain('hunter2');
      const open = file('open', TOKEN);
      chmodSync(open, 0o644);
      expect(problems({ A2A_ADMIN_TOKEN_FILE: open })).toMatch(/A2A_ADMIN_TOKEN_FILE: .*chmod 600/);
      expect(problems({ A2A_ADMIN_TOKEN_FILE: path.join(directory, 'none') })).toMatch(
        /A2A_ADMIN_TOKEN_FILE: .*ENOENT/,
      );
      expect(problems({ A2A_ADMIN_TOKEN_FILE: file('lines', `${TOKEN}\n${TOKEN}`) })).toMatch(
        /one line of printable ASCII/,
      );
    });

    it('warns of what has no effect', () => {
      const warnings: string[] = [];
      loadEnvironment({ A2A_ADMIN_ROLE: 'operator' }, { warn: (text: string) => void warnings.push(text) });
      expect(warnings).toEqual(['A2A_ADMIN_ROLE has no effect without ADMIN_PORT: there is no admin listener.']);
    });
  });
});
