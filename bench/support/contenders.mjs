import { startServer } from './child-server.mjs';
import { benchFile, serviceMain } from './paths.mjs';

/** The servers that are compared, each as a function that starts it. `databases` are those of `withDatabases`. */
export function contenders(databases) {
  const ours = (name, env) => (more) => startServer(name, [serviceMain, '--lab'], { ...env, ...more });
  const sdk = (name, env) => () => startServer(name, [benchFile('servers/sdk.server.mjs')], env);
  const bare = (name, kind) => () => startServer(name, [benchFile('servers/bare.server.mjs'), kind]);
  const postgres = { DATABASE_URL: databases.ours };
  const memory = { STORE: 'memory' };
  const fastify = { HTTP_ADAPTER: 'fastify' };
  return {
    oursPostgresExpress: ours('nest-a2a, Postgres, Express', postgres),
    oursPostgresFastify: ours('nest-a2a, Postgres, Fastify', { ...postgres, ...fastify }),
    oursMemoryExpress: ours('nest-a2a, memory, Express', memory),
    oursMemoryFastify: ours('nest-a2a, memory, Fastify', { ...memory, ...fastify }),
    sdkMemory: sdk('@a2a-js/sdk, memory, Express', {}),
    sdkPostgres: sdk('@a2a-js/sdk, Postgres, Express', { DATABASE_URL: databases.sdk }),
    bareNode: bare('bare node:http', 'node'),
    bareNestExpress: bare('bare Nest on Express', 'express'),
    bareNestFastify: bare('bare Nest on Fastify', 'fastify'),
  };
}
