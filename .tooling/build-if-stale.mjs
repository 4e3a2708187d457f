// Builds when there is no build, or when a source is newer than it: `npm start` works on a fresh clone and is quick after that.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
/** Written only by a build that succeeded. */
const built = path.join(dist, '.built');
const main = path.join(dist, 'src', 'service', 'main.js');

function newest(place) {
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(place).reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), 0);
}

function isStale() {
  if (!existsSync(built) || !existsSync(main)) return true;
  const { mtimeMs } = statSync(built);
  const sources = [
    'src',
    'migrations',
    'examples',
    'tsconfig.json',
    'tsconfig.build.json',
    'nest-cli.json',
    'package.json',
  ];
  return sources.some((place) => newest(path.join(root, place)) > mtimeMs);
}

if (isStale()) {
  // tsc trusts its notes of the last build and would not write files that were deleted since.
  if (!existsSync(main)) rmSync(path.join(dist, '.tsbuildinfo'), { force: true });
  rmSync(built, { force: true });
  const begun = new Date();
  const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  if (status === 0) {
    writeFileSync(built, '');
    // What changed while it ran is newer than the build.
    utimesSync(built, begun, begun);
  }
  process.exit(status ?? 1);
}
