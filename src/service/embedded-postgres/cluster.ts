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
import type { PostgresPlace } from './postgres-location.js';
import { runTool } from './run-tool.js';

export const SUPERUSER = 'postgres';

/** Makes the cluster at the first start, and checks the one that is there at the next. Returns the password. */
export async function ensureCluster(place: PostgresPlace, log: DatabaseLog): Promise<string> {
  removeUnfinished(place);
  if (!existsSync(place.cluster)) {
    log.log(`Creating a database in ${place.cluster}`);
    return createCluster(place);
  }
  checkOwner(place);
  checkVersion(place);
  return readPassword(place);
}

/** initdb works in a directory beside the cluster, which becomes the cluster when it is whole. */
async function createCluster(place: PostgresPlace): Promise<string> {
  const password = existsSync(place.passwordFile) ? readPassword(place) : newPassword(place);
  const unfinished = `${place.cluster}.initdb-${randomBytes(4).toString('hex')}`;
  const passwordCopy = path.join(unfinished, 'password');
  const target = path.join(unfinished, 'data');
  mkdirSync(unfinished, { mode: 0o700 });
  // initdb runs as the server's user, who cannot read the password file of this one.
  writeFileSync(passwordCopy, `${password}\n`, { mode: 0o600 });
  if (place.user) for (const file of [unfinished, passwordCopy]) chownSync(file, place.user.uid, place.user.gid);
  try {
    const { code, output } = await runTool(place, 'initdb', [
      `--pgdata=${target}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordCopy}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ]).catch((error: unknown) => ({ code: -1, output: spawnFailure(error) }));
    if (code !== 0) {
      throw new EmbeddedPostgresError(
        `initdb failed in ${place.home} (exit code ${code}): ${output}\nMend that, or ${OTHER_DATABASES}.`,
      );
    }
    renameSync(target, place.cluster);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return password;
}

/** ENOENT for a file that is there is its interpreter's: the dynamic linker of glibc. */
function spawnFailure(error: unknown): string {
  const advice =
    errorCode(error) === 'ENOENT' ? ' (the binaries need glibc: they do not run on Alpine and other musl systems)' : '';
  return errorText(error) + advice;
}

/** What a start that was killed left behind; the lock says that nobody is at work on it. */
function removeUnfinished(place: PostgresPlace): void {
  const prefix = `${path.basename(place.cluster)}.initdb-`;
  for (const name of readdirSync(place.home)) {
    if (name.startsWith(prefix)) rmSync(path.join(place.home, name), { recursive: true, force: true });
  }
}

function newPassword(place: PostgresPlace): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(place.passwordFile, password, { mode: 0o600, flush: true });
  return password;
}

function readPassword(place: PostgresPlace): string {
  try {
    const password = readFileSync(place.passwordFile, 'utf8').trim();
    if (password !== '') return password;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot read the database's password from ${place.passwordFile}: ${errorText(error)}. ` +
        `Restore the file, or move ${place.cluster} away to begin with an empty database.`,
    );
  }
  if (existsSync(place.cluster)) {
    throw new EmbeddedPostgresError(
      `${place.passwordFile} is empty. Restore it, or move ${place.cluster} away to begin with an empty database.`,
    );
  }
  // A machine that lost power between the file and its content; no cluster knows the password yet.
  return newPassword(place);
}

function checkOwner(place: PostgresPlace): void {
  const { uid } = statSync(place.cluster);
  const own = place.user?.uid ?? process.getuid?.();
  if (own === undefined || own === uid) return;
  throw new EmbeddedPostgresError(
    `The database in ${place.cluster} belongs to the user with uid ${uid}, and this process runs as uid ${process.getuid?.()}. ` +
      `Start as that user, or set DATA_DIR to another directory.`,
  );
}

function checkVersion(place: PostgresPlace): void {
  const written = readFileSync(path.join(place.cluster, 'PG_VERSION'), 'utf8').trim();
  const own = majorVersion(place.binaries);
  if (written === own) return;
  throw new EmbeddedPostgresError(
    `The database in ${place.cluster} was written by Postgres ${written}; the installed binaries are Postgres ${own}, which cannot read it. ` +
      `Install embedded-postgres@${written}, or dump it with that version and restore it into another DATA_DIR.`,
  );
}
