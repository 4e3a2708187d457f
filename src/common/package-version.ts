import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this package, as its package.json says. It stands above the sources, and one level higher above what is built of them. */
export function packageVersion(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
