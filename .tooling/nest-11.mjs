// npm run test:nest-11: the tests on Nest 11, in a copy of the tree whose node_modules has Nest 11 instead of 12. The build
// type checks the sources against it. Arguments go to jest: files to run, options.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copySources, root } from './copied-tree.mjs';
import { installOnce } from './installed-once.mjs';

/** Has Nest 11 and its dependencies; their peers are found in the node_modules of the root. */
const fixture = path.join(root, 'test', 'fixtures', 'nest-11');
const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'a2a-nest-11-')));

try {
  installOnce(fixture);
  copySources(directory);
  // It starts this script.
  rmSync(path.join(directory, 'test', 'nest-11.e2e-spec.ts'));
  linkModules();
  run([path.join('.tooling', 'build-if-stale.mjs')]);
  run([
    '--max-semi-space-size=64',
    '--experimental-vm-modules',
    path.join('node_modules', 'jest', 'bin', 'jest.js'),
    ...process.argv.slice(2),
  ]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function linkModules() {
  const ours = path.join(root, 'node_modules');
  const modules = path.join(directory, 'node_modules');
  const scope = path.join(modules, '@nestjs');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(ours)) {
    if (name !== '@nestjs' && name !== '.cache') symlinkSync(path.join(ours, name), path.join(modules, name));
  }
  // It builds, and is not loaded by what is tested.
  symlinkSync(path.join(ours, '@nestjs', 'cli'), path.join(scope, 'cli'));
  const nest11 = path.join(fixture, 'node_modules', '@nestjs');
  for (const name of readdirSync(nest11)) symlinkSync(path.join(nest11, name), path.join(scope, name));
}

function run(args) {
  // The build of the tree that this was started from is for Nest 12.
  const env = { ...process.env, A2A_TEST_DIST: path.join(directory, 'dist') };
  const { status } = spawnSync(process.execPath, args, { cwd: directory, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`Failed on Nest 11: node ${args.join(' ')}`);
}
