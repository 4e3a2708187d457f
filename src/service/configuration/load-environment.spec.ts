import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConfigurationError } from './configuration.error.js';
import { Environment } from './environment.js';
import { loadEnvironment } from './load-environment.js';
import { knownVariables } from './variable.decorators.js';

const quiet = { warn: () => undefined };

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadEnvironment(env, quiet);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

function warningsOf(env: NodeJS.ProcessEnv): string[] {
  const warnings: string[] = [];
  loadEnvironment(env, { warn: (message: string) => void warnings.push(message) });
  return warnings;
}

describe('loadEnvironment', () => {
  it('takes an empty variable for one that is not set', () => {
    expect(loadEnvironment({}, quiet)).toEqual(new Environment());
    expect(loadEnvironment({ PORT: '', PUBLIC_URL: ' ', DATABASE_URL: '' }, quiet)).toEqual(new Environment());
  });

  it('converts numbers and flags', () => {
    expect(loadEnvironment({ PORT: '0', A2A_LENIENT_VERSION: 'true', A2A_V03_BLOCKING: 'false' }, quiet)).toMatchObject(
      {
        PORT: 0,
        A2A_LENIENT_VERSION: true,
        A2A_V03_BLOCKING: false,
      },
    );
  });

  it.each([
    ['HOST', 'http://x'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3e3'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'agents.example.com'],
    ['PUBLIC_URL', 'ftp://agents.example.com'],
    ['PUBLIC_URL', 'https://agents.example.com/?a=b'],
    ['STORE', 'mysql'],
    ['A2A_REDIS_PREFIX', '{a}'],
    ['HTTP_ADAPTER', 'Express'],
    ['LOG_LEVEL', 'info'],
    ['A2A_MAX_TASK_BYTES', '64MB'],
    ['A2A_MAX_EVENT_BYTES', '0'],
    ['A2A_BODY_LIMIT', '999999999999'],
    ['A2A_DEADLINE_MS', '2147483648'],
    ['A2A_INBOX_LIMIT', '1.5'],
    ['A2A_POLL_MS', '9'],
    ['A2A_ALLOW_ANONYMOUS', 'yes'],
    ['A2A_PUSH', 'off'],
    ['A2A_PUSH_ALLOWED_HOSTS', 'localhost, 10.0.0.0/99'],
    ['A2A_PUSH_TIMEOUT_MS', '0'],
    ['A2A_ALLOWED_HOSTS', 'https://agents.example.com'],
    ['A2A_CORS_ORIGINS', 'https://app.example.com/'],
    ['A2A_CORS_ORIGINS', 'null'],
    ['A2A_PUSH_CONFIGS_PER_TASK', '101'],
    ['A2A_PUSH_CONFIGS_PER_OWNER', '0'],
    ['A2A_PUSH_PER_HOST_PER_SECOND', '0.5'],
    ['A2A_PUSH_PER_OWNER_PER_SECOND', 'all'],
    ['A2A_PUSH_VERIFY_TARGETS', '1'],
    ['GRPC_PORT', 'grpc'],
    ['GRPC_HOST', 'http://x'],
    ['GRPC_PUBLIC_ADDRESS', 'https://agents.example.com'],
  ])('refuses %s=%s, naming variable, value and a right example', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name} must be .+; it is .+\\. Example: ${name}=\\S`));
    expect(problem).toContain(JSON.stringify(value));
  });

  it('refuses A2A_CORS_ORIGINS=* with A2A_CORS_CREDENTIALS, as browsers do', () => {
    expect(problemsOf({ A2A_CORS_ORIGINS: '*', A2A_CORS_CREDENTIALS: 'true' })).toEqual([
      expect.stringContaining('A2A_CORS_ORIGINS must name the origins'),
    ]);
    expect(problemsOf({ A2A_CORS_ORIGINS: 'http://a.example', A2A_CORS_CREDENTIALS: 'true' })).toEqual([]);
  });

  it.each([
    'mysql://u:p@h/d',
    'mariadb://h:3306/d',
    'sqlite:tasks.db',
    'sqlite:/var/tasks.db',
    'sqlite:///var/tasks.db',
  ])('takes DATABASE_URL=%s, but not with STORE=postgres', (DATABASE_URL) => {
    expect(loadEnvironment({ DATABASE_URL }, quiet)).toMatchObject({ DATABASE_URL });
    expect(problemsOf({ DATABASE_URL, STORE: 'postgres' })).toEqual([expect.stringContaining('Leave STORE out')]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://u:hunter2hunter2@h'],
    ['DATABASE_URL', 'oracle://u:hunter2hunter2@h/d'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['DATABASE_URL', 'sqlite://'],
    ['REDIS_URL', 'http://u:hunter2@h'],
    ['A2A_RELAY_BASE_URL', 'ftp://u:hunter2@h'],
    ['A2A_RELAY_BASE_URL', 'me:hunter2@h'],
    ['A2A_RELAY_BASE_URL', 'https://u:hunter2@h'],
    ['A2A_RELAY_BASE_URL', 'https://hunter2@h'],
    ['A2A_RELAY_API_KEY', 'a hunter2'],
    ['A2A_TRACE_URL', 'https://u:hunter2@h/trace/{traceId}'],
    ['A2A_TRACE_URL', 'https://h/trace/hunter2'],
    ['A2A_TRACE_URL', 'h/hunter2/{traceId}'],
    ['A2A_TRACE_URL', 'javascript:hunter2("{traceId}")'],
  ])('does not show the wrong value of %s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must be .+Example: ${name}=`))]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('warns of A2A_TRACE_URL without traces', () => {
    const env = { A2A_TRACE_URL: 'https://traces.example.com/{traceId}' };
    expect(warningsOf(env)).toEqual([expect.stringContaining('without OTEL_EXPORTER_OTLP_ENDPOINT')]);
    expect(warningsOf({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toEqual([]);
  });

  it('has an example for each variable that is itself accepted', () => {
    // The settings of TLS and of the relay are complete or refused.
    const tls = { TLS_CERT_FILE: '/tls.crt', TLS_KEY_FILE: '/tls.key', A2A_MTLS_OWNER: 'cn' };
    for (const [name, { example }] of knownVariables)
      expect(problemsOf({ ...tls, A2A_RELAY_MODEL: 'm', [name]: example })).toEqual([]);
  });

  it('takes secrets from files, and only those', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'a2a-secret-')), 'url');
    writeFileSync(file, 'postgres://u:hunter2@h/d\n');
    const warnings: unknown[] = [];
    const log = { warn: (text: unknown) => void warnings.push(text) };
    expect(loadEnvironment({ DATABASE_URL_FILE: file }, log)).toMatchObject({
      DATABASE_URL: 'postgres://u:hunter2@h/d',
    });
    const withKey = { A2A_RELAY_BASE_URL: 'https://h', A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY_FILE: file };
    expect(loadEnvironment(withKey, log)).toMatchObject({ A2A_RELAY_API_KEY: expect.stringContaining('hunter2') });
    expect(warnings).toEqual([]);
    expect(problemsOf({ DATABASE_URL_FILE: '/nowhere', REDIS_URL_FILE: file })).toEqual([
      'DATABASE_URL_FILE must be a readable file, but /nowhere cannot be read (ENOENT).',
      expect.stringMatching(/^REDIS_URL must be (?!.*hunter2)/),
    ]);
    loadEnvironment({ A2A_POLL_MS_FILE: file }, log);
    expect(warnings).toEqual([expect.stringContaining('A2A_POLL_MS_FILE is not a variable')]);
  });

  it('checks migrations only of a database that something else can migrate', () => {
    const [problem] = problemsOf({ A2A_MIGRATIONS: 'check' });
    expect(problem).toMatch(/^A2A_MIGRATIONS must be run when DATABASE_URL is not set, but is check: .*Example: A2A/);
    expect(problemsOf({ A2A_MIGRATIONS: 'check', DATABASE_URL: 'sqlite:tasks.db' })).toEqual([]);
    expect(problemsOf({ A2A_MIGRATIONS: 'never' })).toEqual([expect.stringContaining('one of run, check, off')]);
  });

  it('needs a model for A2A_RELAY_BASE_URL, which it does not show', () => {
    const [problem, ...others] = problemsOf({ A2A_RELAY_BASE_URL: 'https://h/hunter2' });
    expect(problem).toMatch(/^A2A_RELAY_MODEL must be set with A2A_RELAY_BASE_URL.*Example: A2A_RELAY_MODEL=/);
    expect(problem).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  it('tells all problems at once', () => {
    expect(problemsOf({ PORT: 'x', STORE: 'y' })).toHaveLength(2);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('lets HOST=%s be without more ado', (HOST) => {
    expect(problemsOf({ HOST })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', '::ffff:10.0.0.1', 'server.internal'])(
    'wants PUBLIC_URL and A2A_ALLOW_ANONYMOUS, by name, for HOST=%s',
    (HOST) => {
      const [first, second] = problemsOf({ HOST });
      expect(first).toContain('PUBLIC_URL must be set');
      expect(second).toContain('A2A_ALLOW_ANONYMOUS must be true');
      expect(problemsOf({ HOST, PUBLIC_URL: 'https://a.example' })).toEqual([second]);
      expect(problemsOf({ HOST, PUBLIC_URL: 'https://a.example', A2A_ALLOW_ANONYMOUS: 'true' })).toEqual([]);
    },
  );

  it('drops the slashes at the end of PUBLIC_URL', () => {
    expect(loadEnvironment({ PUBLIC_URL: 'https://a.example/base//' }, quiet).PUBLIC_URL).toBe(
      'https://a.example/base',
    );
  });

  it('warns about names that look like its own, with the nearest one', () => {
    expect(warningsOf({ A2A_DEADLINE: '5', A2A_TEST_DATABASE_URL: 'x', PATH: '/bin' })).toEqual([
      expect.stringContaining(
        'A2A_DEADLINE is not a variable of this service and has no effect. Did you mean A2A_DEADLINE_MS?',
      ),
    ]);
    expect(warningsOf({ A2A_SOMETHING_ELSE_ALTOGETHER: '5' })[0]).not.toContain('Did you mean');
  });

  it('warns when DATABASE_URL has no effect', () => {
    expect(warningsOf({ STORE: 'memory', DATABASE_URL: 'postgres://h/d' })).toHaveLength(1);
    expect(warningsOf({ STORE: 'redis', REDIS_URL: 'redis://h', DATABASE_URL: 'postgres://h/d' })).toHaveLength(1);
  });

  it('warns when REDIS_URL has no effect', () => {
    expect(warningsOf({ REDIS_URL: 'redis://u:hunter2@h' })).toEqual([
      'REDIS_URL has no effect without DATABASE_URL: there is only one process, so no other is to be notified of new events.',
    ]);
    expect(warningsOf({ STORE: 'memory', REDIS_URL: 'redis://h' })).toHaveLength(1);
    expect(warningsOf({ DATABASE_URL: 'sqlite:tasks.db', REDIS_URL: 'redis://h' })).toHaveLength(1);
    expect(warningsOf({ DATABASE_URL: 'mysql://h/d', REDIS_URL: 'redis://h' })).toEqual([]);
    expect(warningsOf({ DATABASE_URL: 'postgres://h/d', REDIS_URL: 'rediss://h' })).toEqual([]);
  });

  it('asks for the Redis that is to keep the tasks, and warns of its settings when none is', () => {
    expect(problemsOf({ STORE: 'redis' })).toEqual([expect.stringMatching(/^REDIS_URL must be set with STORE=redis/)]);
    const settings = { A2A_REDIS_PREFIX: 'mine', A2A_REDIS_ACCEPT_LOSS: 'true' };
    expect(warningsOf({ STORE: 'redis', REDIS_URL: 'redis://h', ...settings })).toEqual([]);
    expect(warningsOf(settings)).toHaveLength(2);
  });
});
