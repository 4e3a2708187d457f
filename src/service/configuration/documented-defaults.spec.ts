import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { auditOptions } from '../../audit/audit.options.js';
import { limitsOptions } from '../../common/limits.options.js';
import { definedOptions } from '../../common/number-options.js';
import { busOptions } from '../../events/bus/bus.options.js';
import { executionOptions } from '../../execution/execution.options.js';
import { pushNotificationsOptions } from '../../push-notifications/push-notifications.options.js';
import { tenantsOptions } from '../../security/tenants.options.js';
import { DEFAULT_POOL_SIZE } from '../../tasks/pool-size.js';
import { DEFAULT_MIGRATIONS, MIGRATIONS_AT_START } from '../../tasks/sql/migrations/migrations-at-start.js';
import { REDIS_DEFAULTS } from '../../tasks/redis/redis-stores.options.js';
import { retentionOptions } from '../../tasks/retention/retention.options.js';
import { grpcSettings } from '../../transports/grpc/grpc.options.js';
import { httpTransportOptions } from '../../transports/http/http-transport.options.js';
import { oidcSettings } from '../../security/authentication/oidc/oidc.options.js';
import { oidcOptions } from './auth-options.js';
import { Environment } from './environment.js';
import { loadEnvironment } from './load-environment.js';
import { moduleOptions } from './module-options.js';
import type { NamedStorage } from '../../storage/named.storage.js';
import { knownVariables } from './variable.decorators.js';

/** Together, all variables have an effect in one of these. */
const SITUATIONS: readonly NodeJS.ProcessEnv[] = [
  {
    GRPC_PORT: '0',
    A2A_AUDIT: 'database',
    DATABASE_URL: 'postgres://localhost/a2a',
    A2A_OIDC_ISSUER: 'https://issuer.example',
    A2A_OIDC_AUDIENCE: 'a2a',
  },
  { STORE: 'redis', REDIS_URL: 'redis://localhost' },
];

/** What the code of the module works with: its options, with all defaults. */
function effective(env: NodeJS.ProcessEnv): object {
  const environment = loadEnvironment(env, { warn: () => undefined });
  const options = moduleOptions({ environment, databaseUrl: environment.DATABASE_URL, lab: false });
  const { storage, bus, grpc, pushNotifications } = options;
  const tokens = oidcOptions(environment);
  return {
    tokens: tokens && oidcSettings(tokens),
    storage: storageDefaults(storage),
    bus: { ...bus, ...busOptions(options) },
    cards: options.cards,
    tenants: tenantsOptions(options.tenants),
    http: httpTransportOptions(options.http),
    limits: limitsOptions(options.limits),
    audit: auditOptions(options.audit),
    grpc: grpc && grpcSettings(grpc),
    pushNotifications: pushNotifications !== false && pushNotificationsOptions(pushNotifications),
    execution: executionOptions(options.execution),
    retention: retentionOptions(options.retention),
  };
}

function storageDefaults(storage: NamedStorage): object {
  if (storage.type === 'redis') return { ...REDIS_DEFAULTS, ...definedOptions(storage) };
  return { poolSize: DEFAULT_POOL_SIZE, migrations: DEFAULT_MIGRATIONS, ...definedOptions(storage) };
}

describe('docs/configuration.md', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  const rows = [...page.matchAll(/^\| +`([A-Z0-9_]+)` +\| +(.+?) +\|/gm)].map(
    ([, name = '', cell = '']) => [name, /^`(.+)`$/.exec(cell)?.[1]] as const,
  );
  const own = new Environment() as unknown as Readonly<Record<string, unknown>>;

  it('lists each variable, and no others', () => {
    expect(rows.map(([name]) => name).sort()).toEqual([...knownVariables.keys()].sort());
  });

  it('states the defaults of the service itself', () => {
    const stated = Object.fromEntries(rows.filter(([name]) => own[name] !== undefined));
    expect(stated).toEqual(
      Object.fromEntries(
        Object.entries(own).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
      ),
    );
  });

  describe.each(rows.filter(([name, value]) => value !== undefined && own[name] === undefined))(
    '%s=%s',
    (name, value) => {
      it('is the default: setting it changes no option of the module', () => {
        for (const env of SITUATIONS) expect(effective({ ...env, [name]: value })).toEqual(effective(env));
      });

      it('is passed on: another value changes one', () => {
        const changed = SITUATIONS.filter(
          (env) => !isDeepStrictEqual(effective({ ...env, [name]: otherThan(value!) }), effective(env)),
        );
        expect(changed).not.toEqual([]);
      });
    },
  );
});

function otherThan(value: string): string {
  if (value === DEFAULT_MIGRATIONS) return MIGRATIONS_AT_START.find((other) => other !== value)!;
  if (value === 'true' || value === 'false') return String(value === 'false');
  return /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}-2`;
}
