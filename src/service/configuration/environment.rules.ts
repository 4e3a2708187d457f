import type { Environment } from './environment.js';
import { isLoopbackHost } from '../../common/loopback.js';
import { identifiesCallers } from './auth.environment.js';
import { databaseOf } from '../../storage/database-url.js';
import { knownVariables } from './variable.decorators.js';

/** Required if other machines can connect: the URL for clients, and the consent to serve anonymous callers. */
export function exposureProblems(environment: Environment): string[] {
  if (isLoopbackHost(environment.HOST)) return [];
  const problems: string[] = [];
  if (environment.PUBLIC_URL === undefined) {
    problems.push(
      `PUBLIC_URL must be set when HOST (${environment.HOST}) is not loopback: agent cards contain it as the URL for clients. ` +
        'Example: PUBLIC_URL=https://agents.example.com',
    );
  }
  if (!environment.A2A_ALLOW_ANONYMOUS && !identifiesCallers(environment)) {
    problems.push(
      `A2A_ALLOW_ANONYMOUS must be true when HOST (${environment.HOST}) is not loopback: the service identifies no callers, ` +
        'and anyone who reaches it may use its agents and read the tasks. Say who may call instead (docs/who-calls.md), such as ' +
        'A2A_OIDC_ISSUER and A2A_OIDC_AUDIENCE, or keep HOST=127.0.0.1. ' +
        'Example: A2A_ALLOW_ANONYMOUS=true',
    );
  }
  return problems;
}

/** The same for gRPC, which may listen on another address. */
export function grpcProblems(environment: Environment): string[] {
  const { GRPC_PORT, HOST, GRPC_HOST = HOST } = environment;
  if (GRPC_PORT === undefined) return [];
  return isLoopbackHost(GRPC_HOST) ? [] : grpcExposureProblems(environment, GRPC_HOST);
}

function grpcExposureProblems(environment: Environment, host: string): string[] {
  const { HOST, GRPC_PUBLIC_ADDRESS, A2A_ALLOW_ANONYMOUS } = environment;
  const problems: string[] = [];
  if (GRPC_PUBLIC_ADDRESS === undefined) {
    problems.push(
      `GRPC_PUBLIC_ADDRESS must be set when gRPC listens on ${host}, which is not loopback: agent cards contain it as the address ` +
        'for clients. Example: GRPC_PUBLIC_ADDRESS=agents.example.com:443',
    );
  }
  // If HOST is not loopback, the rule for HTTP reports this already.
  if (!A2A_ALLOW_ANONYMOUS && !identifiesCallers(environment) && isLoopbackHost(HOST)) {
    problems.push(
      `A2A_ALLOW_ANONYMOUS must be true when gRPC listens on ${host}, which is not loopback: the service identifies no callers, ` +
        'and anyone who reaches it may use its agents and read the tasks. Say who may call instead (docs/who-calls.md), or keep ' +
        'GRPC_HOST=127.0.0.1. Example: A2A_ALLOW_ANONYMOUS=true',
    );
  }
  return problems;
}

/** What a storage needs besides its type. */
export function storageProblems(
  { STORE, REDIS_URL, DATABASE_URL, A2A_MIGRATIONS }: Environment,
  env: NodeJS.ProcessEnv,
): string[] {
  // 'postgres' is the default, which DATABASE_URL may override. If both are set and differ, it is an error.
  if (env.STORE?.trim() === 'postgres' && DATABASE_URL && databaseOf(DATABASE_URL)?.type !== 'postgres') {
    return ["STORE is 'postgres', but DATABASE_URL names another database. Leave STORE out to use that."];
  }
  if (STORE === 'postgres' && DATABASE_URL === undefined && ['check', 'off'].includes(A2A_MIGRATIONS ?? 'run')) {
    return [
      `A2A_MIGRATIONS must be run when DATABASE_URL is not set, but is ${A2A_MIGRATIONS}: the service's own Postgres runs only with ` +
        'the service, so nothing else can migrate it. Example: A2A_MIGRATIONS=run',
    ];
  }
  if (STORE !== 'redis' || REDIS_URL !== undefined) return [];
  return [
    'REDIS_URL must be set with STORE=redis: it is the Redis that stores the tasks. Example: REDIS_URL=redis://user:password@redis.example.com:6379',
  ];
}

/** Settings of authentication that contradict each other. */
export function authProblems({ A2A_API_KEYS, A2A_API_KEYS_FILE, STORE }: Environment): string[] {
  if (A2A_API_KEYS === undefined) return [];
  if (A2A_API_KEYS_FILE !== undefined)
    return ['Set A2A_API_KEYS or A2A_API_KEYS_FILE, and not both: keys are in one place.'];
  if (STORE !== 'memory') return [];
  return [
    'A2A_API_KEYS=storage needs a storage that commands can reach, which STORE=memory is not. Example: A2A_API_KEYS_FILE=/etc/a2a/keys.json',
  ];
}

/** Settings of authentication that have no effect. */
export function* authWarnings(environment: Environment, env: NodeJS.ProcessEnv): Generator<string> {
  if (environment.A2A_ALLOW_ANONYMOUS && identifiesCallers(environment)) {
    yield 'A2A_ALLOW_ANONYMOUS has no effect when callers are identified: those without credentials are refused.';
  }
  const groups = [
    ['A2A_OIDC_', 'A2A_OIDC_ISSUER'],
    ['A2A_GATEWAY_', 'A2A_GATEWAY_OWNER_HEADER'],
    ['A2A_API_KEY_HEADER', 'A2A_API_KEYS_FILE', 'A2A_API_KEYS'],
  ] as const;
  for (const [prefix, ...needed] of groups) {
    if (needed.some((name) => environment[name] !== undefined)) continue;
    const without = Object.keys(env).filter(
      (name) => name.startsWith(prefix) && knownVariables.has(name) && env[name]?.trim(),
    );
    for (const name of without) yield `${name} has no effect without ${needed.join(' or ')}.`;
  }
}

/** Settings that have no effect with the storage in use. */
export function* storageWarnings(environment: Environment, env: NodeJS.ProcessEnv): Generator<string> {
  const { STORE, DATABASE_URL, REDIS_URL, A2A_MIGRATIONS } = environment;
  if (STORE === 'memory' && DATABASE_URL !== undefined) {
    yield 'DATABASE_URL has no effect with STORE=memory: tasks are stored in memory, and are lost when the process ends.';
  }
  if (STORE === 'redis' && DATABASE_URL !== undefined) {
    yield 'DATABASE_URL has no effect with STORE=redis: tasks are stored in the Redis of REDIS_URL.';
  }
  if (REDIS_URL !== undefined && (STORE === 'memory' || (STORE === 'postgres' && DATABASE_URL === undefined))) {
    yield 'REDIS_URL has no effect without DATABASE_URL: there is only one process, so no other is to be notified of new events.';
  }
  if (REDIS_URL !== undefined && STORE === 'postgres' && databaseOf(DATABASE_URL ?? '')?.type === 'sqlite') {
    yield 'REDIS_URL has no effect with a SQLite file: there is only one process, so no other is to be notified of new events.';
  }
  if (A2A_MIGRATIONS !== undefined && STORE !== 'postgres') {
    yield `A2A_MIGRATIONS has no effect with STORE=${STORE}: it has no tables.`;
  }
  if (STORE === 'redis') return;
  for (const name of ['A2A_REDIS_PREFIX', 'A2A_REDIS_ACCEPT_LOSS']) {
    if (env[name]?.trim()) yield `${name} has no effect without STORE=redis.`;
  }
}
