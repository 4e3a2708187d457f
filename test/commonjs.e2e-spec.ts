import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { install, pack } from './support/installed-package.js';
import { ROOT, compile } from './support/snippets.js';

const FIXTURE = path.join(ROOT, 'test', 'fixtures', 'app');
const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'a2a-commonjs-')));

beforeAll(() => {
  const http = ['@nestjs/platform-express', '@nestjs/platform-fastify', '@types/node'];
  const observed = ['prom-client', '@opentelemetry/api'];
  install(pack(directory), directory, [...http, ...observed], 'commonjs');
  copyFileSync(path.join(FIXTURE, 'main.ts'), path.join(directory, 'main.ts'));
  const complaints = compile(directory);
  if (complaints !== '') throw new Error(complaints);
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a CommonJS application', () => {
  it('requires the package', () => {
    expect(readFileSync(path.join(directory, 'main.js'), 'utf8')).toContain('require("nest-a2a")');
  });

  it.each(['express', 'fastify'])('serves and calls an agent on %s', (ADAPTER) => {
    const env = { ...process.env, ADAPTER };
    const output = execFileSync(process.execPath, ['main.js'], { cwd: directory, env, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual(JSON.parse(readFileSync(path.join(FIXTURE, 'expected.json'), 'utf8')));
  });
});
