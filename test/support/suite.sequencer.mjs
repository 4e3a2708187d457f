import path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** Their files are short and they take long. Without times of an earlier run jest begins the short files last, and then waits for these. */
const FIRST = [
  'test/nest-11.e2e-spec.ts',
  'src/tasks/sql/contracts.spec.ts',
  'test/integrations.e2e-spec.ts',
  'test/console-takeover.e2e-spec.ts',
  'src/storage/contracts.spec.ts',
  'src/tasks/sql/postgres/contracts.spec.ts',
  'src/tasks/redis/contracts.spec.ts',
  'test/once-handlers.e2e-spec.ts',
  'test/faults/clock-skew.e2e-spec.ts',
  'test/faults/lost-answers.e2e-spec.ts',
  'test/faults/lost-answers-mariadb.e2e-spec.ts',
  'test/faults/poison-processes.e2e-spec.ts',
];

/** The order of jest, but for the suites above. */
export default class SuiteSequencer extends TestSequencer {
  sort(tests) {
    const place = ({ path: file, context }) => {
      const index = FIRST.indexOf(path.relative(context.config.rootDir, file).split(path.sep).join('/'));
      return index < 0 ? FIRST.length : index;
    };
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
}
