// npm run test:mutations: breaks each invariant on purpose, in a copy of the tree, and fails when the tests stay green.
// Arguments choose faults by a part of their text, or by the number of an invariant. `--no-check` leaves out that all tests
// pass without a fault.
import { performance } from 'node:perf_hooks';
import { INVARIANTS, MUTATIONS } from './mutations.mjs';
import { MutatedTree } from './mutated-tree.mjs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const check = !process.argv.includes('--no-check');
const chosen = MUTATIONS.filter(
  ({ invariant, fault }) =>
    words.length === 0 || words.some((word) => word === String(invariant) || fault.includes(word)),
);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;
const needsBuild = ({ path }) => path.startsWith('test/');
const tree = new MutatedTree();
let survivors = 0;

try {
  console.log('Building.');
  tree.build();
  if (check) expectGreen(chosen.flatMap(({ tests }) => tests));
  for (const mutation of chosen) survivors += tryOut(mutation) ? 0 : 1;
  console.log(`${chosen.length - survivors} of ${chosen.length} faults were noticed.`);
  process.exitCode = survivors === 0 && chosen.length > 0 ? 0 : 1;
} finally {
  tree.remove();
}

/** Without a fault all of them pass: or it would not be the fault that they notice. */
function expectGreen(tests) {
  const begun = performance.now();
  for (const test of new Map(tests.map((each) => [JSON.stringify(each), each])).values()) {
    const { passed, failed } = tree.test(test);
    if (failed.length > 0) throw new Error(`It fails without any fault: ${failed.join(', ')}`);
    if (passed.length === 0) throw new Error(`Nothing passes of ${JSON.stringify(test)}`);
  }
  console.log(`Without a fault all tests pass (${seconds(begun)}).`);
}

/** Whether it was noticed. */
function tryOut({ invariant, fault, edits, tests, all = false }) {
  const begun = performance.now();
  let noticed = false;
  let verdict = 'NOT NOTICED';
  try {
    tree.with(edits, () => {
      if (tests.some(needsBuild)) tree.build();
      const failed = [];
      for (const test of tests) {
        const [name] = tree.test(test).failed;
        if (name !== undefined) failed.push(`${test.path}: ${name}`);
        if ((name === undefined) === all) break;
      }
      noticed = failed.length >= (all ? tests.length : 1);
      if (noticed) verdict = `noticed by ${failed.join(', ')}`;
    });
  } catch (error) {
    verdict = `NOT TRIED: ${error.message}`;
  }
  console.log(`${invariant} (${INVARIANTS[invariant]}): ${fault}\n    ${verdict} (${seconds(begun)})`);
  return noticed;
}
