import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from './embedded-postgres.error.js';
import { toolPath, type PostgresBinaries } from './platform-binaries.js';

const EXECUTABLE = 0o111;

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/**
 * npm packages cannot contain symbolic links. The package lists the links of its libraries in a file and creates them after the
 * install, unless `--ignore-scripts` is set. Creates the missing ones. Throws EACCES, EPERM or EROFS if it may not write.
 */
export function hydrateBinaries(binaries: PostgresBinaries): void {
  for (const { source, target } of listedSymlinks(binaries)) {
    const link = path.join(binaries.root, '..', target);
    if (exists(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another process created it meanwhile.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  if (process.platform === 'win32') return;
  for (const tool of ['initdb', 'pg_ctl', 'postgres'] as const) {
    const file = toolPath(binaries, tool);
    const { mode } = statSync(file);
    if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, mode | EXECUTABLE);
  }
}

/** The paths are relative to the package, so they begin with `native/`, as the last part of `root` does. */
function listedSymlinks(binaries: PostgresBinaries): Symlink[] {
  try {
    return JSON.parse(readFileSync(path.join(binaries.root, 'pg-symlinks.json'), 'utf8')) as Symlink[];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
