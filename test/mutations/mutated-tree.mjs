import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copySources, root } from '../../.tooling/copied-tree.mjs';

const JEST = path.join('node_modules', 'jest', 'bin', 'jest.js');
const LIMIT_MS = 15 * 60_000;

/** The text with the edit made. Throws when what it replaces is not there exactly once. */
export function edited(text, { file, replace, by }) {
  const found = text.split(replace).length - 1;
  if (found !== 1) throw new Error(`${file} has ${found} times, instead of once: ${JSON.stringify(replace)}`);
  // A function: `$` in it has no meaning.
  return text.replace(replace, () => by);
}

/** A copy of the sources, to be spoiled, built and tested. */
export class MutatedTree {
  #directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-mutations-'));

  constructor() {
    copySources(this.#directory);
    symlinkSync(path.join(root, 'node_modules'), path.join(this.#directory, 'node_modules'));
  }

  /** Makes the edits, runs `work`, and takes them back. */
  with(edits, work) {
    const before = new Map();
    try {
      for (const edit of edits) {
        const file = path.join(this.#directory, edit.file);
        const text = readFileSync(file, 'utf8');
        if (!before.has(file)) before.set(file, text);
        writeFileSync(file, edited(text, edit));
      }
      return work();
    } finally {
      for (const [file, text] of before) writeFileSync(file, text);
    }
  }

  /** Throws with what the compiler says. */
  build() {
    const { status, stdout, stderr } = this.#node(['.tooling/build-if-stale.mjs']);
    if (status !== 0) throw new Error(`It does not build:\n${stderr}${stdout}`);
  }

  /** `{ passed, failed }`: the names of tests. Throws when a file could not be run. */
  test({ path: file, name }) {
    const results = path.join(this.#directory, 'results.json');
    rmSync(results, { force: true });
    const args = ['--experimental-vm-modules', JEST, '--maxWorkers=1', '--json', `--outputFile=${results}`, file];
    const { stderr } = this.#node(name === undefined ? args : [...args, '-t', name]);
    if (!existsSync(results)) throw new Error(`${file} was not run:\n${stderr.slice(-4000)}`);
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const named = (wanted) => tests.filter(({ status }) => status === wanted).map(({ fullName }) => fullName);
    const [passed, failed] = [named('passed'), named('failed')];
    if (passed.length + failed.length === 0) throw new Error(`No test of ${file} was run:\n${stderr.slice(-4000)}`);
    return { passed, failed };
  }

  remove() {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #node(args) {
    const env = { ...process.env, A2A_TEST_DIST: path.join(this.#directory, 'dist') };
    delete env.A2A_FAULTS_FULL;
    const options = { cwd: this.#directory, env, encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 28 };
    return spawnSync(process.execPath, args, options);
  }
}
