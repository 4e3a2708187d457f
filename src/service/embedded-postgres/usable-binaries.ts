import { chmodSync, existsSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './embedded-postgres.error.js';
import type { DatabaseLog } from './embedded-postgres.options.js';
import { hydrateBinaries } from './hydrate-binaries.js';
import { makeDirectory } from './postgres-location.js';
import type { PostgresBinaries } from './platform-binaries.js';
import { canReach, type ServerUser } from './unprivileged-user.js';

const READ_ONLY = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Binaries that the server's user can run: where npm installed them, else a copy below `shelter` (about 60 MB, once per version),
 * if that user has no access or links are missing that cannot be created there.
 */
export async function usableBinaries(
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  shelter: string,
  log: DatabaseLog,
): Promise<PostgresBinaries> {
  const installed = { ...binaries, root: realpathSync(binaries.root) };
  if ((user === undefined || canReach(user, path.join(installed.root, 'bin'))) && hydrated(installed)) return installed;
  const target = path.join(shelter, `postgres-${binaries.version}-${process.platform}-${process.arch}`);
  const copy = { ...binaries, root: path.join(target, 'native') };
  if (existsSync(copy.root)) return copy;
  log.log(
    `Copying the Postgres binaries to ${target}, where ${user ? `the user ${user.name}` : 'this user'} can use them.`,
  );
  makeDirectory(shelter, 0o755);
  await copyWhole(installed.root, target);
  return copy;
}

function hydrated(binaries: PostgresBinaries): boolean {
  try {
    hydrateBinaries(binaries);
    return true;
  } catch (error) {
    if (READ_ONLY.has(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/**
 * Copied to a temporary directory and renamed: the target is complete or absent, even if the copy is interrupted or another
 * process copies too.
 */
async function copyWhole(root: string, target: string): Promise<void> {
  const aside = `${target}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  await cp(root, path.join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
  openToAll(aside);
  hydrateBinaries({ root: path.join(aside, 'native'), version: '' });
  try {
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

/** The umask may have removed access to the copy. */
function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) openToAll(file);
    else if (entry.isFile()) chmodSync(file, directory.endsWith(`${path.sep}bin`) ? 0o755 : 0o644);
  }
}
