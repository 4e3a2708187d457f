import { chmodSync, existsSync, mkdirSync } from 'node:fs';

/** Makes a directory with the mode asked for, whatever the umask; leaves one that exists as it is. */
export function makeDirectory(directory: string, mode: number): void {
  if (existsSync(directory)) return;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, mode);
}
