// `@a2a-js/sdk` as its documentation sets it up: its Express router, its request handler, and its store: in memory, or on
// Postgres when there is a DATABASE_URL.
import { DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import process from 'node:process';
import { SdkLabExecutor } from './sdk-lab.executor.mjs';

const card = {
  name: 'Lab',
  description: 'Does what it is told.',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'http://127.0.0.1/', protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
  provider: undefined,
  capabilities: { streaming: true, pushNotifications: false, extensions: [], extendedAgentCard: false },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
  signatures: [],
};

async function databaseStore(connectionString) {
  const { DatabaseTaskStore } = await import('@a2a-js/sdk/server/database');
  const { Kysely, PostgresDialect } = await import('kysely');
  const { default: pg } = await import('pg');
  return new DatabaseTaskStore(
    new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString }) }) }),
  );
}

const url = process.env.DATABASE_URL;
const store = url ? await databaseStore(url) : new InMemoryTaskStore();
const requestHandler = new DefaultRequestHandler(card, store, new SdkLabExecutor());
const app = express();
app.use('/agents/lab', jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
const server = app.listen(0, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
