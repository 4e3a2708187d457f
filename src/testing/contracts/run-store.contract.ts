import { describe } from '@jest/globals';
import { openForSuite, type OpenFunction } from './open-suite.js';
import { cancelling } from './run-store/cancelling.js';
import { forgotten } from './run-store/forgotten.js';
import { handBacks } from './run-store/hand-backs.js';
import { leases } from './run-store/leases.js';
import { races } from './run-store/races.js';
import { recovery } from './run-store/recovery.js';
import { repeats } from './run-store/repeats.js';
import { turns } from './run-store/turns.js';
import { runQueue } from './run-store/run-queue.js';

/** What every RunStore must do. With `reopen`, the races run between two views of the storage. */
export function runStoreContract(name: string, open: OpenFunction): void {
  describe(`RunStore (${name})`, () => {
    const subject = openForSuite(open);
    turns(subject);
    leases(subject);
    cancelling(subject);
    recovery(subject);
    handBacks(subject);
    runQueue(subject);
    races(subject);
    repeats(subject);
    forgotten(subject);
  });
}
