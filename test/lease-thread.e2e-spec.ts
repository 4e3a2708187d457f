import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', 'dist');
const RUNNER = path.join(import.meta.dirname, 'support/lease-thread/runner.mjs');
const LIMIT_MS = 240_000;

/** What became of a process and its lease, whose thread comes to its end in this way. */
async function lifeWith(how: string): Promise<{ outcome: object; log: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, [RUNNER, dist, how], { timeout: LIMIT_MS });
  const lines = stdout.trim().split('\n');
  return { outcome: JSON.parse(lines.at(-1) ?? '') as object, log: lines.slice(0, -1).join('\n') };
}

describe('the thread that renews the lease of a process', () => {
  it.each([
    ['exits', /it ended/],
    ['throws', /Error: thrown by nobody/],
    // On a slow machine it counts as hung before it has all of it.
    ['takes all memory', /ERR_WORKER_OUT_OF_MEMORY|it hung/],
    ['hangs', /it hung/],
  ])(
    'is started again when it %s, and the lease is never lost',
    async (how, why) => {
      const { outcome, log } = await lifeWith(how);
      // On a slow machine the second one may count as hung too.
      expect(outcome).toEqual({ crashes: 0, held: true, same: true, threads: expect.any(Number) });
      expect(log).toContain('The thread that renews the lease is started again');
      expect(log).toMatch(why);
    },
    LIMIT_MS,
  );

  it.each(['never connects', 'is not started'])(
    'is replaced by the main thread while it %s',
    async (how) => {
      const { outcome, log } = await lifeWith(how);
      expect(outcome).toMatchObject({ crashes: 0, held: true, same: true });
      expect(log).toContain('The main thread renews meanwhile');
    },
    LIMIT_MS,
  );
});
