// Builds what has no build, or whose sources are newer than it: `npm start` works on a fresh clone and is quick after that.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const module = (...names) => path.join(root, 'node_modules', ...names);

/** `examples/integrations` has packages and a build of its own, with a link back to here. */
const NO_SOURCES = ['node_modules', 'dist'];

const SERVICE = {
  /** Written only by a build that succeeded. */
  mark: path.join(dist, '.built'),
  product: path.join(dist, 'src', 'service', 'main.js'),
  sources: ['src', 'migrations', 'examples', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package.json'],
  command: [module('@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
  // tsc trusts its notes of the last build and would not write files that were deleted since.
  prepare: () => existsSync(SERVICE.product) || rmSync(path.join(dist, '.tsbuildinfo'), { force: true }),
  finish: () => ['src', 'migrations', 'examples'].forEach(removeOrphans),
};

/** The pages of the console, with the few files of the service that are part of them. */
const CONSOLE = {
  mark: path.join(dist, '.built-console'),
  product: path.join(dist, 'console', 'index.html'),
  sources: ['console', 'src/protocol/fold', 'src/protocol/state', 'src/protocol/clone-json.ts', 'package.json'],
  command: [module('vite', 'bin', 'vite.js'), 'build', '--config', 'console/vite.config.ts', '--logLevel', 'warn'],
  prepare: () => undefined,
  finish: () => undefined,
};

function newest(place) {
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(place).filter((name) => !NO_SOURCES.includes(name));
  return names.reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), 0);
}

function isStale({ mark, product, sources }) {
  if (!existsSync(mark) || !existsSync(product)) return true;
  const { mtimeMs } = statSync(mark);
  return sources.some((place) => newest(path.join(root, place)) > mtimeMs);
}

/** tsc leaves what it made of sources that were moved or deleted: it would be packed with the rest. */
function removeOrphans(folder) {
  for (const entry of readdirSync(path.join(dist, folder), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const source = path.join(root, `${path.relative(dist, file).replace(/\.(?:js|d\.ts)$/, '')}.ts`);
    if (!existsSync(source)) rmSync(file);
  }
}

/** The exit code of its command. */
async function build({ mark, command, prepare, finish }) {
  prepare();
  rmSync(mark, { force: true });
  const begun = new Date();
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) return status ?? 1;
  finish();
  writeFileSync(mark, '');
  // What changed while it ran is newer than the build.
  utimesSync(mark, begun, begun);
  return 0;
}

const stale = [SERVICE, CONSOLE].filter(isStale);
if (stale.length > 0) {
  const begun = Date.now();
  const first = !existsSync(SERVICE.product);
  process.stdout.write(
    first ? 'Building, once. This takes half a minute …\n' : 'The sources have changed. Building …\n',
  );
  const statuses = await Promise.all(stale.map(build));
  const failed = statuses.find((status) => status !== 0);
  if (failed === undefined) {
    process.stdout.write(`Built in ${Math.round((Date.now() - begun) / 1000)} s. Starting …\n`);
  }
  process.exit(failed ?? 0);
}
