import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './support/snippets.js';

/** What depends on Nest most. `npm run test:nest-11` runs all. */
const FILES = [
  'src/a2a.module.spec.ts',
  'src/agents/agent-pipeline.spec.ts',
  'src/agents/agent.explorer.spec.ts',
  'src/agents/agent.validator.spec.ts',
  'src/agents/nest-metadata.spec.ts',
  'src/client/nest/a2a-client.module.spec.ts',
  'test/addresses.e2e-spec.ts',
  'test/admin-api.e2e-spec.ts',
  'test/admin-changes.e2e-spec.ts',
  'test/admin-listener.e2e-spec.ts',
  'test/agent-cancel-guards.e2e-spec.ts',
  'test/agent-guards.e2e-spec.ts',
  'test/audit.e2e-spec.ts',
  'test/boot.e2e-spec.ts',
  'test/commonjs.e2e-spec.ts',
  'test/console-application.e2e-spec.ts',
  'test/console.e2e-spec.ts',
  'test/event-source.e2e-spec.ts',
  'test/grpc-streams.e2e-spec.ts',
  'test/grpc.e2e-spec.ts',
  'test/in-process.e2e-spec.ts',
  'test/json-rpc.e2e-spec.ts',
  'test/library.e2e-spec.ts',
  'test/metrics.e2e-spec.ts',
  'test/on-task-event.e2e-spec.ts',
  'test/openapi.e2e-spec.ts',
  'test/reconnect.e2e-spec.ts',
  'test/rest.e2e-spec.ts',
  'test/streaming.e2e-spec.ts',
  'test/traces.e2e-spec.ts',
];

interface Result {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

describe('on Nest 11', () => {
  let results: readonly Result[] = [];

  beforeAll(() => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-nest-11-results-'));
    const file = path.join(directory, 'results.json');
    const args = [
      path.join(ROOT, '.tooling', 'nest-11.mjs'),
      '--maxWorkers=1',
      '--forceExit',
      '--json',
      `--outputFile=${file}`,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, [...args, ...FILES], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    try {
      results = (JSON.parse(readFileSync(file, 'utf8')) as { testResults: Result[] }).testResults;
    } catch (cause) {
      throw new Error(`The tests were not run:\n${stdout.slice(-4000)}${stderr.slice(-4000)}`, { cause });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 1_200_000);

  it.each(FILES)('%s passes', (file) => {
    const result = results.find(({ name }) => name.endsWith(`/${file}`));
    const failed = result?.assertionResults.filter(({ status }) => status === 'failed') ?? [];
    expect([failed.map(({ fullName }) => fullName), failed.length > 0 && result?.message]).toEqual([[], false]);
    expect(result?.assertionResults.some(({ status }) => status === 'passed')).toBe(true);
  });
});
