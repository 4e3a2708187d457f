import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, OTHER_DATABASES } from './embedded-postgres.error.js';

/** The user that runs the server, as options of `spawn`. Postgres refuses to run as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

export const runsAsRoot = (): boolean => process.getuid?.() === 0;

/**
 * undefined: the server runs as the user of this process. As root: the owner of an existing cluster, else `postgres`, else
 * `nobody`.
 */
export function serverUser(clusterDirectory?: string): ServerUser | undefined {
  if (!runsAsRoot()) return undefined;
  const owner = clusterDirectory === undefined ? undefined : statSync(clusterDirectory);
  if (owner !== undefined && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const user = CANDIDATES.map(lookUp).find((found) => found !== undefined && found.uid !== 0);
  if (user === undefined) {
    throw new EmbeddedPostgresError(
      `Postgres does not run as root, and this machine has no user ${CANDIDATES.join(' or ')} to run it as. ` +
        `Start the service as an ordinary user, create the user postgres, or ${OTHER_DATABASES}.`,
    );
  }
  return user;
}

function lookUp(name: string): ServerUser | undefined {
  const [uid, gid] = fromPasswd(name) ?? fromId(name) ?? [];
  return uid === undefined || gid === undefined ? undefined : { name, uid, gid };
}

function fromPasswd(name: string): number[] | undefined {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    // macOS has -2 for nobody.
    return line
      ?.split(':')
      .slice(2, 4)
      .map((id) => Number(id) >>> 0);
  } catch {
    return undefined;
  }
}

/** For directory services other than /etc/passwd. */
function fromId(name: string): number[] | undefined {
  try {
    return ['-u', '-g'].map(
      (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' })) >>> 0,
    );
  } catch {
    return undefined;
  }
}

/** True if the user may enter `location` and each directory above it, by their modes. */
export function canReach(user: ServerUser, location: string): boolean {
  for (let directory = location; ; directory = path.dirname(directory)) {
    const { uid, gid, mode } = statSync(directory);
    // The first matching class decides, as in the kernel. spawn drops supplementary groups.
    const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (directory === path.dirname(directory)) return true;
  }
}
