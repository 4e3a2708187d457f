import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const BLOCK = Buffer.alloc(64 * 1024);

/** A file system of its own, in memory, that can be filled to the last byte. */
export class SmallDisk {
  readonly #ballast: string;

  private constructor(readonly root: string) {
    this.#ballast = path.join(root, 'ballast');
  }

  static create(megabytes: number): SmallDisk {
    const root = mkdtempSync(path.join(os.tmpdir(), 'a2a-disk-'));
    mount(root, megabytes);
    chmodSync(root, 0o711);
    return new SmallDisk(root);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.root);
    return bavail * bsize;
  }

  /** Takes all that is free. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (let size = BLOCK.length; size > 0;) {
        try {
          writeSync(file, BLOCK, 0, size);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size >>= 1;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  makeSpace(): void {
    rmSync(this.#ballast, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['--lazy', this.root]);
    rmdirSync(this.root);
  }
}

function mount(directory: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'pipe' });
}

/** Why there can be no small disk here; undefined: there can be. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may mount a small disk';
  try {
    SmallDisk.create(1).remove();
    return undefined;
  } catch (error) {
    return `a small disk cannot be mounted: ${String(error)}`;
  }
}
