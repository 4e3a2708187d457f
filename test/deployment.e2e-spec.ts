import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXECUTION_DEFAULTS } from '../src/execution/execution.options.js';
import { environmentWith, longestShutdownMs, textOf, yamlOf } from './support/deployment.js';
import { ROOT } from './support/snippets.js';

interface Service {
  readonly image: string;
  readonly environment?: Record<string, string>;
  readonly secrets?: string[];
  readonly networks?: string[];
  readonly ports?: string[];
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { readonly internal?: boolean } | null>;
  readonly secrets: Record<string, { readonly file: string }>;
}

const COMPOSE = yamlOf<Compose>('docker-compose.yml');
const TLS = yamlOf<Compose>('docker-compose.tls.yml');
const PROXY = textOf('docs/deploy/haproxy.cfg');
const REPLICAS = ['a2a-1', 'a2a-2'];

/** With the defaults of what the shell does not set, and an example of what it must. */
const expanded = (variables: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:(?:-|\?such as )([^}]*)\}/g, (_, text: string) => text),
    ]),
  );

describe('docker-compose.yml', () => {
  const place = mkdtempSync(path.join(os.tmpdir(), 'a2a-compose-'));
  const make = () =>
    spawnSync('sh', [path.join(ROOT, 'docs/deploy/make-secrets.sh')], { cwd: place, encoding: 'utf8' });
  const secret = (name: string): string => readFileSync(path.join(place, 'secrets', name), 'utf8');
  let files: Record<string, string>;

  beforeAll(() => {
    expect(make()).toMatchObject({ status: 0, stderr: '' });
    const names = Object.entries(COMPOSE.secrets);
    files = Object.fromEntries(names.map(([name, { file }]) => [`/run/secrets/${name}`, path.join(place, file)]));
  });
  afterAll(() => rmSync(place, { recursive: true }));

  const replica = (): ReturnType<typeof environmentWith> =>
    environmentWith({ ...expanded(COMPOSE.services['a2a-1']?.environment), HOST: '0.0.0.0' }, files);

  it('sets variables that there are, to values that they may have', () => {
    const { environment, warnings } = replica();
    expect(warnings).toEqual([]);
    expect(environment).toMatchObject({ STORE: 'postgres', A2A_DRAIN_DELAY_MS: 5_000, A2A_ALLOW_ANONYMOUS: true });
    expect(COMPOSE.services['a2a-2']).toEqual(COMPOSE.services['a2a-1']);
  });

  it('has passwords in files only, which the command of the page makes: random, and those of the servers', () => {
    expect(readdirSync(path.join(place, 'secrets')).sort()).toEqual(Object.keys(COMPOSE.secrets).sort());
    const { DATABASE_URL = '', REDIS_URL = '' } = replica().environment;
    const { hostname, password } = new URL(DATABASE_URL);
    expect([hostname, password]).toEqual(['postgres', secret('postgres-password')]);
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect([new URL(REDIS_URL).hostname, `requirepass ${new URL(REDIS_URL).password}\n`]).toEqual([
      'redis',
      secret('redis.conf'),
    ]);
    expect(statSync(path.join(place, 'secrets')).mode & 0o777).toBe(0o700);
    expect(textOf('docker-compose.yml')).not.toMatch(/PASSWORD: |:-a2a|\/\/\w+:\w+@/);
  });

  it('never replaces secrets, which the database was made with', () => {
    const before = secret('postgres-password');
    expect(make()).toMatchObject({ status: 1, stderr: expect.stringContaining('There is a directory secrets') });
    expect(secret('postgres-password')).toBe(before);
    for (const list of ['.gitignore', '.dockerignore']) expect(textOf(list).split('\n').join()).toMatch(/secrets/);
  });

  it('gives replicas the time to end that they may take', () => {
    const [, seconds] = /^(\d+)s$/.exec(COMPOSE.services['a2a-1']?.stop_grace_period ?? '') ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(longestShutdownMs(replica().environment));
  });

  it('publishes the proxy on loopback only, and keeps it apart from the databases', () => {
    const { services, networks } = COMPOSE;
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['proxy', '127.0.0.1:3000:3000']]);
    expect(Object.entries(services).map(([name, { networks: its }]) => [name, its])).toEqual([
      ['postgres', ['data']],
      ['redis', ['data']],
      ...REPLICAS.map((name) => [name, ['front', 'data']]),
      ['proxy', ['front']],
    ]);
    expect(networks['data']?.internal).toBe(true);
  });

  it('limits memory and processes of each container, and names each image exactly, by a variable for its digest', () => {
    const page = textOf('docs/deploy.md');
    for (const [name, { image, mem_limit, pids_limit }] of Object.entries(COMPOSE.services)) {
      expect([name, typeof mem_limit, typeof pids_limit]).toEqual([name, 'string', 'number']);
      const [, variable = '', tag] = /^\$\{(\w+_IMAGE):-([^}]+)\}$/.exec(image) ?? [];
      expect(page).toContain(`| \`${variable}\``);
      if (!REPLICAS.includes(name)) expect(tag).toMatch(/^\w+:\d+\.\d+(\.\d+)?-\w+$/);
    }
  });

  it('has a proxy that knows its replicas, notices in time which of them drains, and waits for the longest call', () => {
    const { environment } = replica();
    const servers = [...PROXY.matchAll(/^ {4}server (\S+) (\S+):(\d+)$/gm)].map(([, name, host, port]) => {
      expect([host, port]).toEqual([name, String(environment.PORT)]);
      return name;
    });
    expect(servers).toEqual(REPLICAS);
    const { A2A_DEADLINE_MS: deadlineMs = EXECUTION_DEFAULTS.deadlineMs } = environment;
    const [, seconds, fall] = /check inter (\d+)s fall (\d+)/.exec(PROXY) ?? [];
    expect(Number(seconds) * Number(fall) * 1000).toBeLessThan(environment.A2A_DRAIN_DELAY_MS);
    expect(Number(/timeout server (\d+)m/.exec(PROXY)?.[1]) * 60_000).toBeGreaterThan(deadlineMs);
  });

  it('with docker-compose.tls.yml serves TLS, and only callers that are identified', () => {
    const base = COMPOSE.services['a2a-1']?.environment ?? {};
    for (const name of REPLICAS) {
      const variables = expanded({ ...base, ...TLS.services[name]?.environment });
      const { environment, warnings } = environmentWith({ ...variables, HOST: '0.0.0.0' }, files);
      expect(warnings).toEqual([]);
      expect(environment).toMatchObject({ A2A_ALLOW_ANONYMOUS: false, A2A_OIDC_AUDIENCE: 'agents' });
      expect(environment.PUBLIC_URL).toMatch(/^https:/);
    }
    const bound = /bind :(\d+) ssl crt (\S+)/.exec(textOf('docs/deploy/haproxy-tls.cfg'));
    expect(TLS.services['proxy']?.ports).toEqual([`443:${bound?.[1]}`]);
    expect(TLS.services['proxy']?.secrets?.map((name) => `/run/secrets/${name}`)).toEqual([bound?.[2]]);
  });
});
