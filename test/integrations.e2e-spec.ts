import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './support/snippets.js';

const FOLDER = path.join(ROOT, 'examples', 'integrations');

it('the examples with other libraries pass their tests, or say that the npm registry cannot be reached', () => {
  const run = spawnSync(process.execPath, [path.join(FOLDER, 'run.mjs')], { encoding: 'utf8' });
  const skipped = /^SKIPPED: .*/m.exec(run.stdout)?.[0];
  if (skipped !== undefined) console.warn(skipped);
  expect([run.status, run.status === 0 ? '' : run.stdout + run.stderr]).toEqual([0, '']);
  if (skipped === undefined) expect(run.stdout).toMatch(/^# pass [1-9]/m);
}, 600_000);
