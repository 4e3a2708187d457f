// Installs the packages of the examples, compiles the examples and runs their tests. The package itself must be built (npm run build).
// Without the npm registry nothing can be installed: that is said, and is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const root = path.join(here, '..', '..');
const modules = path.join(here, 'node_modules');
const installed = path.join(modules, '.installed-lock.json');
const lock = readFileSync(path.join(here, 'package-lock.json'), 'utf8');

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i;

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: here, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=30000'];
  const { status, stderr } = spawnSync('npm', args, { cwd: here, encoding: 'utf8' });
  if (status !== 0 && UNREACHABLE.test(stderr)) {
    console.log('SKIPPED: examples/integrations, because the npm registry cannot be reached.');
    process.exit(0);
  }
  if (status !== 0) {
    console.error(stderr);
    process.exit(1);
  }
  writeFileSync(installed, lock);
}

// As if the package were installed here. Its peers are found in the repository.
const own = path.join(modules, 'nest-a2a');
rmSync(own, { recursive: true, force: true });
symlinkSync(root, own);

const compiled = path.join(here, 'dist');
rmSync(compiled, { recursive: true, force: true });
run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here]);
const tests = readdirSync(compiled).filter((name) => name.endsWith('.test.js'));
run(process.execPath, ['--test', '--test-reporter=tap', ...tests.map((name) => path.join(compiled, name))]);
