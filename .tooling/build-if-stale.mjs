// Builds when there is no build, or when a source is newer than it: `npm start` works on a fresh clone and is quick after that.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const built = path.join(root, 'dist', '.tsbuildinfo');

function newest(place) {
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(place).reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), 0);
}

const sources = ['src', 'migrations', 'examples', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
const stale = !existsSync(built) || sources.some((place) => newest(path.join(root, place)) > statSync(built).mtimeMs);
if (stale) {
  const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
