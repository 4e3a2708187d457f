import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AdminSession } from '../src/admin/admin-api.types.js';
import { freePort } from './support/free-port.js';
import { ServiceProcess, type ServiceStart } from './support/service.process.js';
import { ADAPTERS } from './support/test-app.js';

const LIMIT_MS = 120_000;
const TOKEN = 'a-token-of-operators-with-32-characters-or-more';
const WRITE = { 'x-a2a-admin': '1' };

describe('killing a replica', () => {
  let directory: string;
  let service: ServiceProcess | undefined;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-kill-'));
  });
  afterEach(async () => {
    await service?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }, LIMIT_MS);

  const start = async (env: Record<string, string>, others: Partial<ServiceStart> = {}): Promise<ServiceProcess> =>
    (service = await ServiceProcess.start({
      port: await freePort(),
      dataDir: directory,
      env: { STORE: 'memory', ...env },
      ...others,
    }));
  const kill = (api: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${api}/kill`, { method: 'POST', headers });
  const session = async (api: string): Promise<AdminSession> =>
    (await (await fetch(`${api}/session`)).json()) as AdminSession;
  const described = async (api: string): Promise<string[]> =>
    Object.keys(((await (await fetch(`${api}/openapi.json`)).json()) as { paths: object }).paths);

  it.each(ADAPTERS)(
    'ends the process of the lab hard, when the act is on record, on %s',
    async (adapter) => {
      const file = path.join(directory, 'audit.jsonl');
      // Nothing is written in time: only the end of the process writes it.
      const audit = { A2A_AUDIT: 'log', A2A_AUDIT_FILE: file, A2A_AUDIT_FLUSH_MS: '60000' };
      const lab = await start({ HTTP_ADAPTER: adapter, ...audit });
      const api = `${lab.origin}/console/api`;
      expect(await session(api)).toMatchObject({ lab: true, readOnly: false });
      expect(await described(api)).toContain('/kill');
      expect((await kill(api, {})).status).toBe(403);
      expect((await kill(api, { ...WRITE, 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
      expect(lab.alive).toBe(true);
      const answer = await kill(api, WRITE);
      expect([answer.status, await answer.json()]).toEqual([202, { killed: true }]);
      expect(await lab.exited).toEqual({ code: null, signal: 'SIGKILL' });
      const records = readFileSync(file, 'utf8').trim().split('\n');
      const acts = records.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(acts.map(({ kind, action, outcome }) => [kind, action, outcome])).toEqual([
        ['admin', 'admin-request', 'forbidden'],
        ['admin', 'admin-request', 'forbidden'],
        ['admin', 'kill-replica', 'ok'],
      ]);
    },
    LIMIT_MS,
  );

  it(
    'is possible on the admin listener of the lab, unless that is read-only',
    async () => {
      const port = String(await freePort());
      const api = `http://127.0.0.1:${port}`;
      const readOnly = await start({ ADMIN_PORT: port, A2A_ADMIN_READ_ONLY: 'true' });
      expect((await kill(api, WRITE)).status).toBe(403);
      expect(readOnly.alive).toBe(true);
      await readOnly.kill('SIGTERM');
      const lab = await start({ ADMIN_PORT: port });
      expect(await session(api)).toMatchObject({ lab: true });
      expect((await kill(api, WRITE)).status).toBe(202);
      expect(await lab.exited).toEqual({ code: null, signal: 'SIGKILL' });
    },
    LIMIT_MS,
  );

  it(
    'is refused by the console beyond this machine, which is read-only',
    async () => {
      const tokenFile = path.join(directory, 'token');
      writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
      const lab = await start({
        HOST: '0.0.0.0',
        PUBLIC_URL: 'http://127.0.0.1',
        A2A_ALLOW_ANONYMOUS: 'true',
        A2A_CONSOLE: 'true',
        A2A_ADMIN_TOKEN_FILE: tokenFile,
      });
      const api = `${lab.origin}/console/api`;
      expect((await kill(api, { ...WRITE, authorization: `Bearer ${TOKEN}` })).status).toBe(403);
      expect(lab.alive).toBe(true);
    },
    LIMIT_MS,
  );

  it.each(ADAPTERS)(
    'does not exist but in the lab, on %s',
    async (adapter) => {
      const port = String(await freePort());
      const plain = await start({ HTTP_ADAPTER: adapter, ADMIN_PORT: port }, { lab: false });
      for (const api of [`${plain.origin}/console/api`, `http://127.0.0.1:${port}`]) {
        expect(await session(api)).toMatchObject({ lab: false });
        expect(await described(api)).not.toContain('/kill');
        expect([api, (await kill(api, WRITE)).status]).toEqual([api, 404]);
      }
      expect(plain.alive).toBe(true);
    },
    LIMIT_MS,
  );
});
