import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errorText, OTHER_DATABASES } from './embedded-postgres.error.js';
import type { EmbeddedPostgresOptions } from './embedded-postgres.options.js';
import { findPlatformBinaries, type PostgresBinaries } from './platform-binaries.js';
import { usableBinaries } from './usable-binaries.js';
import { canReach, runsAsRoot, serverUser, type ServerUser } from './unprivileged-user.js';

/** The files of an embedded Postgres, and the user that runs it. */
export interface PostgresLocation {
  /** Directory of the cluster, its password and its log: DATA_DIR, or a directory below `sharedDir` that replaces it. */
  readonly home: string;
  /** PGDATA. */
  readonly cluster: string;
  /** The superuser's password, mode 0600. */
  readonly passwordFile: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  /** Undefined: the user of this process. */
  readonly user: ServerUser | undefined;
}

export const SHARED_DIR = '/var/lib/nest-a2a';

/** Creates DATA_DIR. As root, others may traverse it; its contents are protected one by one. */
export function createDataDir(dataDir: string): string {
  const absolute = path.resolve(dataDir);
  try {
    if (!existsSync(absolute)) makeDirectory(absolute, runsAsRoot() ? 0o711 : 0o700);
    return realpathSync(absolute);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot create the database's directory ${absolute}: ${errorText(error)}. Set DATA_DIR to a directory that this user may write to, or ${OTHER_DATABASES}.`,
    );
  }
}

/** Decides once: an existing cluster is used where it is. */
export async function findLocation(dataDir: string, options: EmbeddedPostgresOptions): Promise<PostgresLocation> {
  const sharedDir = options.sharedDir ?? SHARED_DIR;
  const { home, user } = homeOf(dataDir, sharedDir);
  if (home !== dataDir) {
    options.log.warn(
      `The user ${user?.name} that runs Postgres cannot access ${dataDir}. The database is stored in ${home}. ` +
        `To choose the directory, set DATA_DIR to one that the user can access.`,
    );
  }
  const found = options.binaries ?? findPlatformBinaries();
  const binaries = await usableBinaries(found, user, user ? sharedDir : home, options.log);
  if (user) options.log.log(`Running as root: Postgres runs as the user ${user.name}.`);
  return {
    home,
    cluster: path.join(home, 'postgres'),
    passwordFile: path.join(home, 'postgres-password'),
    logFile: path.join(home, 'postgres.log'),
    binaries,
    user,
  };
}

function homeOf(dataDir: string, sharedDir: string): { home: string; user: ServerUser | undefined } {
  if (!runsAsRoot()) return { home: dataDir, user: undefined };
  const moved = path.join(sharedDir, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  for (const home of [dataDir, moved]) {
    const cluster = path.join(home, 'postgres');
    if (existsSync(cluster)) return { home: realpathSync(home), user: ownerWhoReaches(realpathSync(cluster)) };
  }
  const user = serverUser();
  if (user === undefined || canReach(user, dataDir)) return { home: dataDir, user };
  makeDirectory(sharedDir, 0o755);
  makeDirectory(moved, 0o711);
  return { home: realpathSync(moved), user };
}

function ownerWhoReaches(cluster: string): ServerUser | undefined {
  const user = serverUser(cluster);
  if (user === undefined || canReach(user, path.dirname(cluster))) return user;
  throw new EmbeddedPostgresError(
    `The database in ${cluster} belongs to ${user.name}, who can no longer access it, because a directory above it does not allow it. ` +
      `Allow access (chmod o+x), move the directory and set DATA_DIR, or ${OTHER_DATABASES}.`,
  );
}

/** Creates a directory with the given mode, regardless of the umask. An existing one is not changed. */
export function makeDirectory(directory: string, mode: number): void {
  if (existsSync(directory)) return;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, mode);
}
