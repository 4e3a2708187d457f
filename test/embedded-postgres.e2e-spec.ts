import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { findPlatformBinaries } from '../src/service/embedded-postgres/platform-binaries.js';
import { runningPostmaster } from '../src/service/embedded-postgres/postmaster-file.js';
import { pidSpace, processStart } from '../src/service/embedded-postgres/process-identity.js';
import { EmbeddedPostgresProcess, type RunOptions } from './support/embedded-postgres.process.js';
import { ROOT } from './support/snippets.js';
import { until } from '../src/testing/contracts/until.js';

// Several of these create a cluster or copy the binaries, which takes a busy machine its time.
jest.setTimeout(120_000);

const NOBODY = 65534;
// These look at /proc, and need root to become somebody else.
const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;

/** A checkout in a private folder, as of root or of `mktemp -d`, is closed to others. */
function asNobody(): typeof it.skip {
  const read = ['-e', 'fs.readFileSync(process.argv[1])', path.join(ROOT, 'package.json')];
  if (spawnSync(process.execPath, read, { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0) return it;
  console.warn(
    `SKIPPED: Postgres of an ordinary user. To run it, let others enter ${ROOT} and each folder above it (chmod o+x).`,
  );
  return it.skip;
}

describe('the embedded Postgres, as real processes', () => {
  let root: string;
  let dataDir: string;
  const running: EmbeddedPostgresProcess[] = [];

  async function start(run: Partial<RunOptions> = {}): Promise<EmbeddedPostgresProcess> {
    const started = await EmbeddedPostgresProcess.start({ ...run, options: { dataDir, ...run.options } });
    running.push(started);
    return started;
  }

  const killServer = async (owner: EmbeddedPostgresProcess): Promise<number> => {
    const pid = owner.serverPid;
    process.kill(pid, 'SIGKILL');
    await until(() => processStart(pid) === undefined);
    return pid;
  };

  const rows = (owner: EmbeddedPostgresProcess): Promise<{ n: number }[]> =>
    owner.query('select n from kept order by n');

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'a2a-embedded-'));
    chmodSync(root, 0o755);
    dataDir = path.join(root, 'data');
  });

  afterEach(async () => {
    const owners = running.splice(0);
    const stopsServer = owners.some((owner) => owner.polite && owner.runs);
    for (const owner of owners) await owner.interrupt('SIGTERM');
    const left = owners.map(({ cluster }) => runningPostmaster(cluster)).find((server) => server !== undefined);
    // The server of an owner that was killed, and that no later start took over.
    if (left) process.kill(left.pid, 'SIGKILL');
    rmSync(root, { recursive: true, force: true });
    if (stopsServer) expect(left).toBeUndefined();
  });

  it('keeps what was committed from one start to the next', async () => {
    const first = await start();
    await first.query('create table kept (n int)');
    await first.query('insert into kept values (1)');
    const server = first.serverPid;
    expect(await first.interrupt('SIGTERM')).toBe(0);
    expect(processStart(server)).toBeUndefined();

    expect(await rows(await start())).toEqual([{ n: 1 }]);
  });

  it('listens on loopback only, and to who knows the password', async () => {
    const owner = await start();
    expect(await owner.query('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await owner.query('show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    expect(await owner.query('show fsync')).toEqual([{ fsync: 'on' }]);
    expect(statSync(path.join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    const url = new URL(owner.url);
    url.password = 'guess';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('attaches to the server that a killed process left running', async () => {
    const killed = await start();
    await killed.query('create table kept as select 1 as n');
    const server = killed.serverPid;
    await killed.interrupt('SIGKILL');
    expect(processStart(server)).toBeDefined();

    const next = await start();
    expect(next.serverPid).toBe(server);
    expect(next.url).toBe(killed.url);
    expect(next.logs.join('\n')).toContain(`Attached to the Postgres that runs already (pid ${server}`);
    expect(await rows(next)).toEqual([{ n: 1 }]);
    await next.interrupt('SIGTERM');
    expect(processStart(server)).toBeUndefined();
  });

  it('recovers when process and server were killed', async () => {
    const killed = await start();
    await killed.query('create table kept as select 1 as n');
    await killed.interrupt('SIGKILL');
    await killServer(killed);

    expect(await rows(await start())).toEqual([{ n: 1 }]);
  });

  it('starts a server that was killed again, on the same port, with what it had committed', async () => {
    const owner = await start();
    await owner.query('create table kept as select 1 as n');
    const killed = await killServer(owner);

    await until(() =>
      owner.query('select 1').then(
        () => true,
        () => false,
      ),
    );
    expect(owner.serverPid).not.toBe(killed);
    expect(await rows(owner)).toEqual([{ n: 1 }]);
    expect(owner.logs.join('\n')).toContain(`Postgres (pid ${killed}) has ended: SIGKILL`);
  });

  it('starts the server again that it only attached to', async () => {
    const first = await start();
    await first.query('create table kept as select 1 as n');
    await first.interrupt('SIGKILL');
    const owner = await start();
    await killServer(owner);

    await until(() =>
      rows(owner).then(
        () => true,
        () => false,
      ),
    );
    expect(await rows(owner)).toEqual([{ n: 1 }]);
  });

  it('refuses a second start, naming the pid of the first', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`in use by the process with pid ${first.pid}`);
    expect(await first.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('lets one of two simultaneous first starts through', async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await running[0]!.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('takes over the lock of a dead process whose pid another process has', async () => {
    mkdirSync(dataDir, { mode: 0o711 });
    const dead = { pid: process.pid, start: 'another time', space: pidSpace() };
    writeFileSync(path.join(dataDir, 'owner.lock'), JSON.stringify(dead));
    expect(await (await start()).query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('stops in order at a Ctrl-C in the middle of work, and loses nothing that was committed', async () => {
    const owner = await start();
    const server = owner.serverPid;
    await owner.query('create table kept (n int)');
    const client = new pg.Client({ connectionString: owner.url });
    client.on('error', () => undefined);
    await client.connect();
    const committed: { n: number }[] = [];
    const work = (async () => {
      for (let n = 1; ; n++) {
        await client.query('insert into kept values ($1)', [n]);
        committed.push({ n });
      }
    })().catch(() => undefined);
    await until(() => committed.length > 20);
    expect(await owner.interrupt('SIGINT')).toBe(0);
    await work;
    expect(processStart(server)).toBeUndefined();

    // The last insert may have been committed without our hearing of it.
    const found = await rows(await start());
    expect(found.slice(0, committed.length)).toEqual(committed);
    expect(found.length - committed.length).toBeLessThanOrEqual(1);
  });

  it('leaves the server running at a Ctrl-C that kills the process without its shutdown', async () => {
    const rude = await start({ polite: false });
    const server = rude.serverPid;
    await rude.interrupt('SIGINT');
    expect(processStart(server)).toBeDefined();
    expect((await start()).serverPid).toBe(server);
  });

  if (isRootOnLinux) {
    const itAsNobody = asNobody();

    it('runs as root in a home of mode 0700: server, data and binaries where an ordinary user reaches them', async () => {
      const home = path.join(root, 'home');
      const sharedDir = path.join(root, 'shared');
      mkdirSync(home, { mode: 0o700 });
      const installed = findPlatformBinaries();
      const binaries = { ...installed, root: path.join(home, 'native') };
      cpSync(installed.root, binaries.root, { recursive: true, verbatimSymlinks: true });
      const options = { dataDir: path.join(home, 'data'), sharedDir, binaries };

      const owner = await start({ options });
      await owner.query('create table kept as select 1 as n');
      expect(owner.cluster.startsWith(`${sharedDir}/data-`)).toBe(true);
      expect(statSync(`/proc/${owner.serverPid}`).uid).not.toBe(0);
      expect(owner.logs.join('\n')).toContain(`The database is stored in ${sharedDir}/data-`);
      expect(owner.logs.join('\n')).toContain(`Copying the Postgres binaries to ${sharedDir}/postgres-`);
      await owner.interrupt('SIGTERM');

      // Opened since, the home does not make the database appear empty.
      chmodSync(home, 0o755);
      const next = await start({ options });
      expect(next.cluster).toBe(owner.cluster);
      expect(await rows(next)).toEqual([{ n: 1 }]);
    });

    itAsNobody('runs as an ordinary user, and its database as root too', async () => {
      mkdirSync(dataDir);
      chownSync(dataDir, NOBODY, NOBODY);
      const owner = await start({ uid: NOBODY });
      await owner.query('create table kept as select 1 as n');
      expect(statSync(`/proc/${owner.serverPid}`).uid).toBe(NOBODY);
      await owner.interrupt('SIGTERM');

      const asRoot = await start();
      expect(statSync(`/proc/${asRoot.serverPid}`).uid).toBe(NOBODY);
      expect(await rows(asRoot)).toEqual([{ n: 1 }]);
      await asRoot.interrupt('SIGTERM');

      expect(await rows(await start({ uid: NOBODY }))).toEqual([{ n: 1 }]);
    });

    it('says so when the way to an existing database was closed', async () => {
      await (await start()).interrupt('SIGTERM');
      chmodSync(root, 0o700);
      await expect(start()).rejects.toThrow(/can no longer access it.*chmod o\+x/);
    });

    itAsNobody('tells an ordinary user that the database is not theirs', async () => {
      await (await start()).interrupt('SIGTERM');
      await expect(start({ uid: NOBODY })).rejects.toThrow('Set DATA_DIR');
    });
  }
});
