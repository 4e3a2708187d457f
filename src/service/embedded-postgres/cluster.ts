import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, OTHER_DATABASES, errorCode, errorText } from './embedded-postgres.error.js';
import type { DatabaseLog } from './embedded-postgres.options.js';
import { majorVersion } from './platform-binaries.js';
import type { PostgresLocation } from './postgres-location.js';
import { runTool } from './run-tool.js';

export const SUPERUSER = 'postgres';

/** Creates the cluster on the first start, and checks an existing one. Returns the password. */
export async function ensureCluster(location: PostgresLocation, log: DatabaseLog): Promise<string> {
  removeUnfinished(location);
  if (!existsSync(location.cluster)) {
    log.log(`Creating a database in ${location.cluster}`);
    return createCluster(location);
  }
  checkOwner(location);
  checkVersion(location);
  return readPassword(location);
}

/** initdb works in a directory beside the cluster, which is renamed once it is complete. */
async function createCluster(location: PostgresLocation): Promise<string> {
  const password = existsSync(location.passwordFile) ? readPassword(location) : newPassword(location);
  const unfinished = `${location.cluster}.initdb-${randomBytes(4).toString('hex')}`;
  const passwordCopy = path.join(unfinished, 'password');
  const target = path.join(unfinished, 'data');
  mkdirSync(unfinished, { mode: 0o700 });
  // initdb runs as the server's user, which cannot read this user's password file.
  writeFileSync(passwordCopy, `${password}\n`, { mode: 0o600 });
  if (location.user)
    for (const file of [unfinished, passwordCopy]) chownSync(file, location.user.uid, location.user.gid);
  try {
    const { code, output } = await runTool(location, 'initdb', [
      `--pgdata=${target}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordCopy}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ]).catch((error: unknown) => ({ code: -1, output: spawnFailure(error) }));
    if (code !== 0) {
      throw new EmbeddedPostgresError(
        `initdb failed in ${location.home} (exit code ${code}): ${output}\nFix that, or ${OTHER_DATABASES}.`,
      );
    }
    renameSync(target, location.cluster);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return password;
}

/** ENOENT for an existing binary means that its interpreter is missing: the dynamic linker of glibc. */
function spawnFailure(error: unknown): string {
  const advice =
    errorCode(error) === 'ENOENT' ? ' (the binaries need glibc: they do not run on Alpine and other musl systems)' : '';
  return errorText(error) + advice;
}

/** Removes what a killed start left behind. We hold the lock, so no process is working on it. */
function removeUnfinished(location: PostgresLocation): void {
  const prefix = `${path.basename(location.cluster)}.initdb-`;
  for (const name of readdirSync(location.home)) {
    if (name.startsWith(prefix)) rmSync(path.join(location.home, name), { recursive: true, force: true });
  }
}

function newPassword(location: PostgresLocation): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(location.passwordFile, password, { mode: 0o600, flush: true });
  return password;
}

function readPassword(location: PostgresLocation): string {
  try {
    const password = readFileSync(location.passwordFile, 'utf8').trim();
    if (password !== '') return password;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot read the database's password from ${location.passwordFile}: ${errorText(error)}. ` +
        `Restore the file, or move ${location.cluster} away to start with an empty database.`,
    );
  }
  if (existsSync(location.cluster)) {
    throw new EmbeddedPostgresError(
      `${location.passwordFile} is empty. Restore it, or move ${location.cluster} away to start with an empty database.`,
    );
  }
  // Power was lost between creating the file and writing it. No cluster uses the password yet.
  return newPassword(location);
}

function checkOwner(location: PostgresLocation): void {
  const { uid } = statSync(location.cluster);
  const own = location.user?.uid ?? process.getuid?.();
  if (own === undefined || own === uid) return;
  throw new EmbeddedPostgresError(
    `The database in ${location.cluster} belongs to the user with uid ${uid}, and this process runs as uid ${process.getuid?.()}. ` +
      `Start as that user, or set DATA_DIR to another directory.`,
  );
}

function checkVersion(location: PostgresLocation): void {
  const written = readFileSync(path.join(location.cluster, 'PG_VERSION'), 'utf8').trim();
  const own = majorVersion(location.binaries);
  if (written === own) return;
  throw new EmbeddedPostgresError(
    `The database in ${location.cluster} was written by Postgres ${written}; the installed binaries are Postgres ${own}, which cannot read it. ` +
      `Install embedded-postgres@${written}, or dump it with that version and restore it into another DATA_DIR.`,
  );
}
