import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.js';

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('EmbeddedPostgres', () => {
  let dataDir: string;
  const start = (settings: Record<string, string> = {}): Promise<EmbeddedPostgres> =>
    EmbeddedPostgres.start({ dataDir, log: quiet, settings });

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-embedded-'));
    chmodSync(dataDir, 0o711);
    mkdirSync(path.join(dataDir, 'postgres.initdb-killed'));
    await (await start()).stop();
  });

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('removes what a killed first start left behind', () => {
    expect(existsSync(path.join(dataDir, 'postgres.initdb-killed'))).toBe(false);
  });

  it('answers at its url, with the settings asked for, until it is stopped', async () => {
    const postgres = await start({ max_connections: '7' });
    const client = new pg.Client({ connectionString: postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query('show max_connections');
    expect(rows).toEqual([{ max_connections: '7' }]);

    await Promise.all([postgres.stop(), postgres.stop()]);
    await expect(new pg.Client({ connectionString: postgres.url }).connect()).rejects.toThrow();
    expect(existsSync(path.join(dataDir, 'owner.lock'))).toBe(false);
  });

  it('refuses a second start in one process too', async () => {
    const postgres = await start();
    try {
      await expect(start()).rejects.toThrow(`in use by the process with pid ${process.pid}`);
    } finally {
      await postgres.stop();
    }
  });

  it('says why the server does not start, and lets go of the directory', async () => {
    await expect(start({ shared_buffers: 'plenty' })).rejects.toThrow(/did not start.*exit code 1[^]*shared_buffers/);
    expect(existsSync(path.join(dataDir, 'owner.lock'))).toBe(false);
  });

  it('tells how to get on without its password', async () => {
    const file = path.join(dataDir, 'postgres-password');
    const aside = `${file}.aside`;
    renameSync(file, aside);
    try {
      await expect(start()).rejects.toThrow(/Cannot read the database's password.*Restore the file/);
      writeFileSync(file, 'another');
      await expect(start()).rejects.toThrow(/rejects the password in .*Restore that file/);
      expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    } finally {
      renameSync(aside, file);
    }
    await (await start()).stop();
  });

  it('does not wait indefinitely for a server that is found running and does not say its port', async () => {
    const cluster = path.join(dataDir, 'postgres');
    const silent = spawn(process.execPath, ['-e', 'process.stdin.resume()', cluster], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const file = path.join(cluster, 'postmaster.pid');
    writeFileSync(file, `${silent.pid}\n`);
    try {
      const found = EmbeddedPostgres.start({ dataDir, log: quiet, readyLimitMs: 200 });
      await expect(found).rejects.toThrow(`(pid ${silent.pid}) has not reported its port for 200 ms`);
    } finally {
      rmSync(file);
      silent.kill();
      await once(silent, 'exit');
    }
  });

  it('does not touch data of another major version', async () => {
    const file = path.join(dataDir, 'postgres', 'PG_VERSION');
    const written = readFileSync(file);
    writeFileSync(file, '12\n');
    try {
      await expect(start()).rejects.toThrow(/written by Postgres 12; the installed binaries are Postgres \d+/);
    } finally {
      writeFileSync(file, written);
    }
  });
});
