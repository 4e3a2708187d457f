import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIT_DEFAULTS } from '../src/audit/audit.options.js';
import { AGENT_DEFAULTS } from '../src/agents/agent-defaults.js';
import { CARD_DEFAULTS } from '../src/client/card/agent-card.options.js';
import { CLIENT_LIMITS } from '../src/client/options/client.options.js';
import { LIMITS_DEFAULTS } from '../src/common/limits.options.js';
import { EXECUTION_DEFAULTS } from '../src/execution/execution.options.js';
import { RETRY_DEFAULTS } from '../src/execution/recovery/retry.policy.js';
import { PUSH_DEFAULTS } from '../src/push-notifications/push-notifications.options.js';
import { TENANTS_DEFAULTS } from '../src/security/tenants.options.js';
import { DEFAULT_EVERY_MS } from '../src/tasks/retention/retention.options.js';
import { DEFAULT_POLICY } from '../src/tasks/retention/retention.policy.js';
import { GRPC_DEFAULTS, GRPC_OPTION_NAMES } from '../src/transports/grpc/grpc.options.js';
import { HTTP_TRANSPORT_DEFAULTS } from '../src/transports/http/http-transport.options.js';
import { recordsOf } from './support/markdown.js';
import { ROOT } from './support/snippets.js';

const { path: _path, bindings: _bindings, ...HTTP } = HTTP_TRANSPORT_DEFAULTS;
const { path: _card, ...CARD } = CARD_DEFAULTS;
const RETENTION = { ...DEFAULT_POLICY, retainMs: DEFAULT_POLICY.retainMs.completed, everyMs: DEFAULT_EVERY_MS };

/** The options of the module with their defaults, as pages name them. */
const MODULE: Readonly<Record<string, unknown>> = {
  ...grouped('http', { ...HTTP, allowedHosts: 'none', cors: 'none' }),
  ...grouped('limits', LIMITS_DEFAULTS),
  ...grouped('execution', EXECUTION_DEFAULTS),
  ...grouped('grpc', GRPC_DEFAULTS),
  ...grouped('retention', RETENTION),
  ...grouped('audit', AUDIT_DEFAULTS),
};

function grouped(group: string, defaults: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [`${group}.${name}`, value as unknown]));
}

/** Defaults that depend on another option, and the value that they then have. */
const RELATIVE: Readonly<Record<string, unknown>> = {
  'as maxRuns': EXECUTION_DEFAULTS.maxRuns,
  'a quarter of maxRuns': EXECUTION_DEFAULTS.maxRuns / 4,
  'a quarter of maxBufferedBytes': LIMITS_DEFAULTS.maxBufferedBytes / 4,
  forever: Infinity,
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  MiB: 1024 * 1024,
  minutes: 60_000,
  days: 24 * 60 * 60_000,
};

/** `10 MiB`, `30 minutes`, `5,000`, `0 (off)`, `true`. */
function valueOf(text: string): unknown {
  if (text in RELATIVE) return RELATIVE[text];
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'one day') return UNITS.days;
  const [, number = '', unit = ''] = /^([\d,]+)(?: (\w+))?$/.exec(text.replace(/ \(.*\)$/, '')) ?? [];
  return number === '' ? text : Number(number.replaceAll(',', '')) * (UNITS[unit] ?? NaN);
}

type Stated = readonly (readonly [name: string, value: unknown])[];

const read = (page: string): string => readFileSync(path.join(ROOT, 'docs', page), 'utf8');

/** The options in tables with a column `default`, and what that says. */
const statedOn = (page: string): Stated =>
  recordsOf(read(page)).flatMap((record) => {
    const { default: standard, ...cells } = record;
    const names = Object.entries(cells).filter(([head]) => head === 'limit' || head.startsWith('option'));
    const name = names.map(([, cell]) => /^`([\w.]+)`/.exec(cell)?.[1]).find((found) => found !== undefined);
    return standard === undefined || name === undefined ? [] : [[name, valueOf(standard.replaceAll('`', ''))] as const];
  });

const named = (stated: Stated, prefix: string): Stated => stated.filter(([name]) => name.startsWith(prefix));

const PAGES = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));

describe('the pages', () => {
  const stated = PAGES.flatMap((page) =>
    statedOn(page).flatMap(([name, value]) => (name in MODULE ? [[page, name, value] as const] : [])),
  );

  it('state the defaults of options in several places', () => {
    expect(stated.length).toBeGreaterThan(60);
    expect(stated).toContainEqual(['retention.md', 'retention.waitForClientMs', Infinity]);
    expect(stated).toContainEqual(['storage.md', 'execution.inboxLimit', 16]);
  });

  it.each(stated)('%s: %s is %p', (_page, name, value) => expect(value).toEqual(MODULE[name]));
});

describe('docs/library.md', () => {
  it.each(['http', 'limits', 'execution'])('has all options of %s', (group) => {
    const names = named(statedOn('library.md'), `${group}.`).map(([name]) => name);
    expect(names.sort()).toEqual(
      Object.keys(MODULE)
        .filter((name) => name.startsWith(`${group}.`))
        .sort(),
    );
  });
});

describe('docs/grpc.md', () => {
  it('has all options', () => {
    const names = named(statedOn('grpc.md'), 'grpc.').map(([name]) => name.replace('grpc.', ''));
    expect(names.sort()).toEqual([...GRPC_OPTION_NAMES].sort());
  });
});

describe('docs/push-notifications.md', () => {
  it('has all options, with their defaults', () => {
    const { allowedHosts: _, ...others } = PUSH_DEFAULTS;
    const stated = statedOn('push-notifications.md');
    const optional = { allowedHosts: 'none', signing: 'none', encryptionKeys: 'none' };
    expect(Object.fromEntries(stated)).toEqual({ ...optional, ...others });
    expect(stated).toHaveLength(Object.keys(optional).length + Object.keys(others).length);
  });
});

describe('docs/tenants.md', () => {
  it('has the defaults of the options', () => {
    expect(statedOn('tenants.md')).toEqual(expect.arrayContaining(Object.entries(TENANTS_DEFAULTS)));
  });
});

describe('docs/agents.md', () => {
  it('has the defaults of the options', () => {
    const { inputModes, outputModes: _, replies, ...plain } = AGENT_DEFAULTS;
    const { maxAttempts, delayMs, maxDelayMs } = RETRY_DEFAULTS;
    expect(Object.fromEntries(statedOn('agents.md'))).toMatchObject({
      ...plain,
      inputModes: `['${inputModes.join()}']`,
      replies: `'${replies}'`,
      retry: `{ maxAttempts: ${maxAttempts}, delayMs: ${delayMs}, maxDelayMs: ${maxDelayMs} }`,
    });
  });
});

describe('docs/client.md', () => {
  it('has all limits and options of cards, with their defaults', () => {
    const stated = statedOn('client.md').filter(([name]) => name !== 'card.path' && name !== 'card.verify');
    const all = { ...grouped('limits', CLIENT_LIMITS), ...grouped('card', CARD) };
    expect([...named(stated, 'limits.'), ...named(stated, 'card.')].sort()).toEqual(Object.entries(all).sort());
  });
});
