// npm run test:faults: the tests of this directory at their full size, one after the other, with a table of what they measured.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'a2a-faults-run-'));
const results = path.join(scratch, 'results.json');
const figures = path.join(scratch, 'figures.jsonl');
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const chosen = process.argv.slice(2);
const paths = chosen.length > 0 && !chosen[0].startsWith('-') ? chosen : ['test/faults/', ...chosen];

try {
  const args = ['--experimental-vm-modules', jest, '--maxWorkers=1', '--json', `--outputFile=${results}`, ...paths];
  const env = { ...process.env, A2A_FAULTS_FULL: '1', A2A_FAULTS_FIGURES: figures };
  // The JSON goes to the file, and to stdout as well, where nobody wants it.
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['inherit', 'ignore', 'inherit'] });
  process.exitCode = report() ? (status ?? 1) : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** One line for each test and each figure; false when there is nothing that passed, or something that did not. */
function report() {
  if (!existsSync(results)) return false;
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const measured = existsSync(figures)
    ? readFileSync(figures, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  let passed = 0;
  let failed = 0;
  console.log('\nFault tests');
  for (const { name: file, assertionResults, message } of testResults.sort((a, b) => a.name.localeCompare(b.name))) {
    console.log(path.relative(root, file));
    if (assertionResults.length === 0) {
      failed++;
      console.log(`  FAILED  ${message.split('\n')[0]}`);
    }
    for (const { status, fullName, duration } of assertionResults) {
      if (status === 'passed') passed++;
      else if (status === 'failed') failed++;
      else continue;
      const seconds = `${((duration ?? 0) / 1000).toFixed(1)} s`.padStart(8);
      console.log(`  ${status === 'passed' ? 'ok    ' : 'FAILED'}${seconds}  ${fullName}`);
      for (const { testPath, name, text } of measured) {
        if (testPath === file && name === fullName) console.log(`                    ${text}`);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return passed > 0 && failed === 0;
}
