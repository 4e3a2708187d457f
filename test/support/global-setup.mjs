// Before a test run: builds what the tests of whole processes start, and starts a Postgres unless A2A_TEST_DATABASE_URL names one.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.join(import.meta.dirname, '..', '..');
/** Its data is deleted with it, so it need not survive the machine. */
const SETTINGS = { max_connections: '300', fsync: 'off', full_page_writes: 'off' };

export default async function globalSetup() {
  build();
  if (process.env.A2A_TEST_DATABASE_URL) return;
  const database = await startDatabase();
  process.env.A2A_TEST_DATABASE_URL = database.url;
  globalThis.stopTestDatabase = database.stop;
  // Jest does not run the teardown when it is interrupted, and the server would stay.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void database.stop().finally(() => process.kill(process.pid, signal)));
  }
}

function build() {
  if (process.env.A2A_TEST_DIST) return;
  const { status } = spawnSync(process.execPath, [path.join(root, '.tooling', 'build-if-stale.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error('The build failed (above): tests of whole processes need it. Fix it, then run the tests again.');
}

async function startDatabase() {
  const module = path.join(
    process.env.A2A_TEST_DIST ?? path.join(root, 'dist'),
    'src/service/embedded-postgres/embedded-postgres.js',
  );
  if (!existsSync(module))
    throw new Error(`${module} is missing: remove dist/ and run the tests again, which builds it.`);
  const { EmbeddedPostgres } = await import(pathToFileURL(module).href);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-test-database-'));
  // As root the server runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  const quiet = () => {};
  const log = { log: quiet, warn: console.warn, error: console.error };
  const postgres = await EmbeddedPostgres.start({ dataDir, log, settings: SETTINGS });
  const stop = async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}
