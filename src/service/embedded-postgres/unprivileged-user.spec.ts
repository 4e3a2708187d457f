import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { canReach, runsAsRoot, serverUser } from './unprivileged-user.js';

describe('canReach', () => {
  let root: string;
  let inner: string;
  const stranger = { name: 'stranger', uid: 4_294_000, gid: 4_294_000 };

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'a2a-reach-'));
    inner = path.join(root, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    for (const directory of [root, path.join(root, 'a'), inner]) chmodSync(directory, 0o755);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('needs no more than passage', () => {
    chmodSync(inner, 0o711);
    expect(canReach(stranger, inner)).toBe(true);
  });

  it.each(['', 'a', 'a/b'])('is stopped by one closed directory on the way (%p)', (closed) => {
    chmodSync(path.join(root, closed), 0o700);
    expect(canReach(stranger, inner)).toBe(false);
  });

  it('goes by owner, then group, then others', () => {
    const { uid, gid } = statSync(inner);
    chmodSync(inner, 0o710);
    expect(canReach({ ...stranger, gid }, inner)).toBe(true);
    chmodSync(inner, 0o611);
    expect(canReach({ ...stranger, uid }, inner)).toBe(false);
    chmodSync(inner, 0o701);
    expect(canReach({ ...stranger, gid }, inner)).toBe(false);
  });
});

describe('serverUser', () => {
  it('is an unprivileged one for root, and nobody else for others', () => {
    const user = serverUser();
    if (runsAsRoot()) expect(user?.uid).toBeGreaterThan(0);
    else expect(user).toBeUndefined();
  });
});
