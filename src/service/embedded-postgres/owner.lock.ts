import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode, errorText } from './embedded-postgres.error.js';
import { pidSpace, processStart } from './process-identity.js';

interface Owner {
  readonly pid: number;
  /** Start time of the process, because pids are reused. */
  readonly start: string;
  /** The pid space in which the pid is valid. */
  readonly space: string;
}

const HEARTBEAT_MS = 2_000;
/** An owner in another pid space (a container on the same volume) is alive if it touches the file within this time, in ms. */
const FOREIGN_WATCH_MS = 3 * HEARTBEAT_MS;
const HALF_WRITTEN_MS = 500;

/** `DATA_DIR/owner.lock`: one process at a time uses the directory. The lock of a dead process is taken over. */
export class OwnerLock {
  private readonly heartbeat = setInterval(() => this.touch(), HEARTBEAT_MS).unref();

  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {}

  /** Throws EmbeddedPostgresError, naming the pid, while the owner is alive. */
  static async acquire(dataDir: string): Promise<OwnerLock> {
    const file = path.join(dataDir, 'owner.lock');
    const owner: Owner = { pid: process.pid, start: processStart(process.pid) ?? 'unknown', space: pidSpace() };
    const content = JSON.stringify(owner);
    for (;;) {
      if (create(file, content)) return new OwnerLock(file, content);
      const found = read(file);
      if (found === undefined) continue;
      if (await isAlive(file, found)) throw inUse(dataDir, found);
      removeDead(file, found);
    }
  }

  /** Releases the directory. A second call does nothing. */
  release(): void {
    clearInterval(this.heartbeat);
    if (read(this.file) === this.content) rmSync(this.file, { force: true });
  }

  private touch(): void {
    try {
      const now = new Date();
      utimesSync(this.file, now, now);
    } catch {
      // The directory was removed meanwhile; the database reports that.
    }
  }
}

function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw new EmbeddedPostgresError(
      `Cannot write ${file}: ${errorText(error)}. Set DATA_DIR to a directory that this user may write to.`,
    );
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError(
      `Cannot read ${file}: ${errorText(error)}. Set DATA_DIR to a directory of this user.`,
    );
  }
}

function parse(content: string): Owner | undefined {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return undefined;
  }
}

async function isAlive(file: string, content: string): Promise<boolean> {
  const owner = parse(content);
  if (owner === undefined) return changesWithin(file, content, HALF_WRITTEN_MS);
  if (owner.space === pidSpace()) return processStart(owner.pid) === owner.start;
  return changesWithin(file, content, FOREIGN_WATCH_MS);
}

/** Compares the file with itself and not with a clock: the clocks of two machines may differ. */
async function changesWithin(file: string, content: string, ms: number): Promise<boolean> {
  const before = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  await sleep(ms);
  return read(file) === content && statSync(file, { throwIfNoEntry: false })?.mtimeMs !== before;
}

/** Renames the file before it removes it. If another process was faster, the renamed file is its lock and is put back. */
function removeDead(file: string, content: string): void {
  if (read(file) !== content) return;
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (read(aside) === content) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function inUse(dataDir: string, content: string): EmbeddedPostgresError {
  const owner = parse(content);
  const who =
    owner === undefined ? 'another process' : `the process with pid ${owner.pid} on ${owner.space.split(' ')[0]}`;
  return new EmbeddedPostgresError(
    `The database in ${dataDir} is in use by ${who}. Stop it first, give this process another DATA_DIR, ` +
      `or set DATABASE_URL to a Postgres that both share.`,
  );
}
