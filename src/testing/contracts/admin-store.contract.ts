import { describe } from '@jest/globals';
import { deadLetters } from './admin-store/dead-letters.js';
import { deliveries } from './admin-store/deliveries.js';
import { events } from './admin-store/events.js';
import { figures } from './admin-store/figures.js';
import { tasks } from './admin-store/tasks.js';
import { traces } from './admin-store/traces.js';
import { type OpenFunction, openForOperators, openForSuite } from './open-suite.js';

/** What every AdminStore must do. */
export function adminStoreContract(name: string, open: OpenFunction): void {
  describe(`AdminStore (${name})`, () => {
    const subject = openForSuite(openForOperators(name, open));
    tasks(subject);
    events(subject);
    traces(subject);
    figures(subject);
    deliveries(subject);
    deadLetters(subject);
  });
}
