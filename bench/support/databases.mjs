import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import pg from 'pg';
import { built, sdkMigrator } from './paths.mjs';

const PUBLIC_ENTRY = 0o711;

/**
 * Gives `use` two new databases on one Postgres server, for either side one, and drops them after. The server is
 * A2A_BENCH_DATABASE_URL (its user must be allowed to create databases), else the one that comes with the service, in a
 * temporary directory.
 */
export async function withDatabases(use) {
  const given = process.env.A2A_BENCH_DATABASE_URL;
  return given ? onServer(given, 'A2A_BENCH_DATABASE_URL', use) : withEmbedded((url) => onServer(url, 'embedded', use));
}

async function withEmbedded(use) {
  const { EmbeddedPostgres } = await import(built('src/service/embedded-postgres/embedded-postgres.js'));
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'a2a-bench-'));
  // Started by root, Postgres runs as another user, who must get in.
  await chmod(dataDir, PUBLIC_ENTRY);
  const log = { log: () => undefined, warn: console.warn, error: console.error };
  const server = await EmbeddedPostgres.start({ dataDir, log });
  try {
    return await use(server.url);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onServer(serverUrl, server, use) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  const mark = randomBytes(4).toString('hex');
  const names = { ours: `a2a_bench_ours_${mark}`, sdk: `a2a_bench_sdk_${mark}` };
  try {
    for (const name of Object.values(names)) await client.query(`create database ${name}`);
    const { rows } = await client.query('show server_version');
    const urls = { ours: urlOf(serverUrl, names.ours), sdk: urlOf(serverUrl, names.sdk) };
    await promisify(execFile)(process.execPath, [sdkMigrator, 'upgrade', '--url', urls.sdk]);
    return await use({ ...urls, server: `Postgres ${rows[0].server_version} (${server})` });
  } finally {
    for (const name of Object.values(names)) await client.query(`drop database if exists ${name} with (force)`);
    await client.end();
  }
}

function urlOf(serverUrl, database) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
