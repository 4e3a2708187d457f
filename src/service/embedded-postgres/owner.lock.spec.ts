import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OwnerLock } from './owner.lock.js';
import { pidSpace, processStart } from './process-identity.js';

describe('OwnerLock', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-lock-'));
    file = path.join(directory, 'owner.lock');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is held by one at a time, and free again after the release', async () => {
    const lock = await OwnerLock.acquire(directory);
    await expect(OwnerLock.acquire(directory)).rejects.toThrow(
      new RegExp(`in use by the process with pid ${process.pid} .*DATA_DIR.*DATABASE_URL`),
    );
    lock.release();
    lock.release();
    expect(existsSync(file)).toBe(false);
    (await OwnerLock.acquire(directory)).release();
  });

  it('goes to one of many that come together, also when they find the lock of a dead process', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, start: 'long ago', space: pidSpace() }));
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => OwnerLock.acquire(directory)));
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(held).toHaveLength(1);
    held[0]!.value.release();
  });

  it('is taken over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const pid = child.pid!;
    writeFileSync(file, JSON.stringify({ pid, start: processStart(pid), space: pidSpace() }));
    await expect(OwnerLock.acquire(directory)).rejects.toThrow(`pid ${pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await OwnerLock.acquire(directory);
    expect(readFileSync(file, 'utf8')).toContain(`"pid":${process.pid},`);
    lock.release();
  });

  it('is taken over when its writer died before it had written', async () => {
    writeFileSync(file, '');
    (await OwnerLock.acquire(directory)).release();
  });

  it('does not release the lock of another', async () => {
    const lock = await OwnerLock.acquire(directory);
    writeFileSync(file, '{"pid":1,"start":"x","space":"y"}');
    lock.release();
    expect(existsSync(file)).toBe(true);
  });

  it('of another pid space is alive as long as somebody touches it', async () => {
    writeFileSync(file, JSON.stringify({ pid: 7, start: 'x', space: 'another-machine pid:[1]' }));
    let tick = Date.now() / 1000;
    const owner = setInterval(() => utimesSync(file, (tick += 1), tick), 500);
    try {
      await expect(OwnerLock.acquire(directory)).rejects.toThrow('pid 7 on another-machine');
    } finally {
      clearInterval(owner);
    }
    (await OwnerLock.acquire(directory)).release();
  });
});
