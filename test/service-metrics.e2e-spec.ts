import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startAdmin } from '../src/service/admin/start-admin.js';
import { AppModule } from '../src/service/app.module.js';
import { adminToken } from '../src/service/configuration/admin-token.js';
import { loadEnvironment } from '../src/service/configuration/load-environment.js';
import { httpAdapter } from '../src/service/http/http-adapter.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { Scrape } from './support/scrape.js';
import { ADAPTERS } from './support/test-app.js';

const TOKEN = 'a-token-of-operators-0123456789-abcdef';

describe.each(ADAPTERS)('the metrics of the service on %s', (adapter) => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-metrics-'));
  let main: INestApplication;
  let admin: INestApplication;
  let [agents, operators]: string[] = [];

  beforeAll(async () => {
    const file = path.join(directory, 'token');
    writeFileSync(file, TOKEN, { mode: 0o600 });
    const variables = {
      PORT: '0',
      ADMIN_PORT: '0',
      STORE: 'memory',
      HTTP_ADAPTER: adapter,
      A2A_ADMIN_TOKEN_FILE: file,
    };
    const environment = loadEnvironment(variables, { warn: () => undefined });
    main = await NestFactory.create(await AppModule.register({ environment, lab: true }), await httpAdapter(adapter), {
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    await main.listen(0, '127.0.0.1');
    admin = await startAdmin(main, { environment, token: adminToken(environment) });
    [agents, operators] = [await main.getUrl(), await admin.getUrl()];
  });
  afterAll(async () => {
    await admin.close();
    await main.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are served to operators, on the admin listener', async () => {
    await new RpcClient(`${agents}/agents/lab`).result('SendMessage', { message: textMessage('echo hi') });
    const scrape = await Scrape.from(`${operators}/metrics`, { authorization: `Bearer ${TOKEN}` });
    expect(scrape.value('a2a_turns_total', { agent: 'lab', outcome: 'completed' })).toBe(1);
    expect(scrape.value('a2a_lease_held')).toBe(1);
    expect(scrape.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('are refused to others, and are not on the other listener', async () => {
    expect((await fetch(`${operators}/metrics`)).status).toBe(401);
    expect((await fetch(`${agents}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
  });
});
