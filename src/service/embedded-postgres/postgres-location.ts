import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errorText, OTHER_DATABASES } from './embedded-postgres.error.js';
import type { EmbeddedPostgresOptions } from './embedded-postgres.options.js';
import { findPlatformBinaries, type PostgresBinaries } from './platform-binaries.js';
import { usableBinaries } from './usable-binaries.js';
import { canReach, runsAsRoot, serverUser, type ServerUser } from './unprivileged-user.js';

/** Where one embedded Postgres lives, and as whom it runs. */
export interface PostgresPlace {
  /** Directory of the cluster, its password and its log: DATA_DIR, or a place below `sharedDir` that stands for it. */
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

/** Creates DATA_DIR. Root makes it so that others may pass through it (the contents are protected one by one). */
export function createDataDir(dataDir: string): string {
  const absolute = path.resolve(dataDir);
  try {
    if (!existsSync(absolute)) makeDirectory(absolute, runsAsRoot() ? 0o711 : 0o700);
    return realpathSync(absolute);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot create the database's directory ${absolute}: ${errorText(error)}. Set DATA_DIR to a place this user may write, or ${OTHER_DATABASES}.`,
    );
  }
}

/** Decides once and for all: a cluster that exists is used where it is. */
export async function findPlace(dataDir: string, options: EmbeddedPostgresOptions): Promise<PostgresPlace> {
  const sharedDir = options.sharedDir ?? SHARED_DIR;
  const { home, user } = homeOf(dataDir, sharedDir);
  if (home !== dataDir) {
    options.log.warn(
      `The user ${user?.name} that runs Postgres cannot reach ${dataDir}: the database is kept in ${home}. ` +
        `Set DATA_DIR to a directory it can reach to choose the place.`,
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
    `The database in ${cluster} belongs to ${user.name}, who can no longer reach it: a directory above it is closed to others. ` +
      `Open the way (chmod o+x), move the directory and set DATA_DIR, or ${OTHER_DATABASES}.`,
  );
}

/** Makes a directory with the mode asked for, whatever the umask; leaves one that exists as it is. */
export function makeDirectory(directory: string, mode: number): void {
  if (existsSync(directory)) return;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, mode);
}
