import type { Environment } from './environment.js';
import { isMysqlUrl, isSqliteFile } from './values.js';

/** What a storage needs besides its name. */
export function storageProblems(
  { STORE, REDIS_URL, DATABASE_URL = '' }: Environment,
  env: NodeJS.ProcessEnv,
): string[] {
  // It is the default of STORE, which DATABASE_URL may overrule; but not when both say so and differ.
  if (env.STORE?.trim() === 'postgres' && (isMysqlUrl(DATABASE_URL) || isSqliteFile(DATABASE_URL))) {
    return ["STORE is 'postgres', but DATABASE_URL names another database. Leave STORE out to use that."];
  }
  if (STORE !== 'redis' || REDIS_URL !== undefined) return [];
  return [
    'REDIS_URL must be set with STORE=redis: it says which Redis keeps the tasks. Example: REDIS_URL=redis://user:password@redis.example.com:6379',
  ];
}

/** Settings of a storage that is not the one in use. */
export function* storageWarnings(environment: Environment, env: NodeJS.ProcessEnv): Generator<string> {
  const { STORE, DATABASE_URL, REDIS_URL } = environment;
  if (STORE === 'memory' && DATABASE_URL !== undefined) {
    yield 'DATABASE_URL has no effect with STORE=memory: tasks are kept in memory, and are gone when the process ends.';
  }
  if (STORE === 'redis' && DATABASE_URL !== undefined) {
    yield 'DATABASE_URL has no effect with STORE=redis: tasks are kept in the Redis of REDIS_URL.';
  }
  if (REDIS_URL !== undefined && (STORE === 'memory' || (STORE === 'postgres' && DATABASE_URL === undefined))) {
    yield 'REDIS_URL has no effect without DATABASE_URL: there is one process then, and nobody else to tell of new events.';
  }
  if (REDIS_URL !== undefined && STORE === 'postgres' && isSqliteFile(DATABASE_URL ?? '')) {
    yield 'REDIS_URL has no effect with a SQLite file: there is one process then, and nobody else to tell of new events.';
  }
  if (STORE === 'redis') return;
  for (const name of ['A2A_REDIS_PREFIX', 'A2A_REDIS_ACCEPT_LOSS']) {
    if (env[name]?.trim()) yield `${name} has no effect without STORE=redis.`;
  }
}
