import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { A2aAdminModule, CONTROLLERS } from '../src/admin/a2a-admin.module.js';
import { ADMIN_DEFAULTS } from '../src/admin/admin.options.js';
import { HEALTH_CHECKS } from '../src/admin/health/health-checks.js';
import { routesOf } from '../src/admin/openapi/admin.document.js';
import { agentOf } from './support/agent-of.js';
import { fencesOf, recordsOf, tablesOf } from './support/markdown.js';
import { curl } from './support/run-curl.js';
import { textMessage } from './support/rpc.client.js';
import { ROOT } from './support/snippets.js';
import { TestApp } from './support/test-app.js';

const page = readFileSync(path.join(ROOT, 'docs', 'admin-api.md'), 'utf8');
const plain = (cell = ''): string => cell.replaceAll('`', '');

describe('docs/admin-api.md', () => {
  const records = recordsOf(page);

  it('has each route, and no others', () => {
    const listed = records.flatMap(({ route }) => (route === undefined ? [] : [plain(route)]));
    const served = routesOf(CONTROLLERS).map(({ method, path: at }) => `${method.toUpperCase()} ${at}`);
    expect(listed.sort()).toEqual(served.sort());
  });

  it('has the options with their defaults, and the checks of health', () => {
    const options = Object.fromEntries(
      records.flatMap((record) => (record.option === undefined ? [] : [[plain(record.option), plain(record.default)]])),
    );
    expect(options).toMatchObject(
      Object.fromEntries(Object.entries(ADMIN_DEFAULTS).map(([name, value]) => [name, String(value)])),
    );
    expect(Object.keys(options).sort()).toEqual(
      ['authorize', 'loopbackHostsOnly', 'traceUrl', ...Object.keys(ADMIN_DEFAULTS)].sort(),
    );
    expect(
      tablesOf(page)
        .at(-1)
        ?.map(([check]) => plain(check)),
    ).toEqual([...HEALTH_CHECKS]);
  });

  describe('what it shows', () => {
    let app: TestApp;
    let taskId: string;
    beforeAll(async () => {
      const module = A2aAdminModule.forRoot({ path: '', authorize: 'loopback' });
      app = await TestApp.start({
        path: '/a2a',
        agents: [agentOf((_context, updater) => updater.requiresInput())],
        imports: [module],
      });
      const rpc = await fetch(`${app.origin}/a2a`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'A2A-Version': '1.0' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: textMessage('hi') } }),
      });
      taskId = ((await rpc.json()) as { result: { task: { id: string } } }).result.task.id;
    });
    afterAll(() => app.close());

    it('are requests that work', async () => {
      const commands = fencesOf(page)
        .filter(({ text }) => text.startsWith('curl'))
        // The stream of an open task does not end: the next command ends it.
        .map(({ text }) => text.replace('TASK', taskId).replaceAll('http://127.0.0.1:9464', app.origin));
      expect(commands).toHaveLength(4);
      const [list = '', events = '', stream = '', cancel = ''] = commands;
      expect(await curl(list.replace(/state=[^&]*/, 'state=TASK_STATE_INPUT_REQUIRED'), app.origin)).toContain(taskId);
      expect(await curl(events, app.origin)).toContain('"seq":1');
      const streamed = curl(stream, app.origin);
      expect(JSON.parse(await curl(cancel, app.origin))).toMatchObject({ id: taskId, state: 'TASK_STATE_CANCELED' });
      expect(await streamed).toContain('TASK_STATE_CANCELED');
    });

    it('is the error that the API answers', async () => {
      const shown = fencesOf(page).find(({ language }) => language === 'json');
      const answer = await fetch(`${app.origin}/tasks?limit=0`);
      expect(await answer.json()).toEqual(JSON.parse(shown?.text ?? ''));
    });
  });
});
