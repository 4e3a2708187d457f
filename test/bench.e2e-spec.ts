import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const LIMIT_MS = 600_000;
const ROOT = path.join(import.meta.dirname, '..');

it(
  'the benchmarks begin and end in order, with so little to do that they measure nothing',
  async () => {
    const { PATH, HOME, A2A_TEST_DATABASE_URL, A2A_TEST_DIST } = process.env;
    const args = ['bench/run.mjs', '--smoke', '--only=streams,fanout,idle,list,bus,webhooks'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { PATH, HOME, A2A_BENCH_DATABASE_URL: A2A_TEST_DATABASE_URL, A2A_BENCH_DIST: A2A_TEST_DIST },
    });
    for (const figure of [
      /^3 tasks on Postgres, .* >= 10000 /m,
      /^5 readers of one task on Postgres: events a second, .* >= 0\.5 /m,
      /^20 idle streams .* <= 20 /m,
      /^tasks of a caller, filtered by context: .* <= 3 /m,
      /^notifications a second of 3 tasks to one webhook on Postgres .* >= 300 /m,
      /^event on another replica, .* LISTEN\/NOTIFY: .* p50 .* <= 5 /m,
    ])
      expect(stdout).toMatch(figure);
  },
  LIMIT_MS,
);
