import { postgresStorage } from '../../src/storage/postgres.storage.js';
import { lostAnswers } from '../support/faults/lost-answers.suite.js';
import { PostgresLoss } from '../support/faults/postgres.loss.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;

lostAnswers('Postgres', {
  loss: new PostgresLoss(),
  open: async () => {
    database = await createTestDatabase();
    return () => postgresStorage({ url: database.url });
  },
  close: () => database.drop(),
  essential: {
    create: /insert into a2a_task/,
    append: /insert into a2a_event .* join ok/,
    'put into the inbox': /insert into a2a_inbox/,
    'claim of a turn': /set turn = \$1, attempt = \$2, .*run_owner = \$6, not_before = null/,
    'next turn': /set turn = \$1, attempt = \$2, crashes = \$3, failures = \$4 where/,
    release: /set run_owner = \$1 where/,
    'hand-back': /set fence = \$1, failures = \$2, run_owner = \$3, not_before/,
    'read of the queue': /with recursive kind/,
    'start of queued tasks': /set run_owner = \$1, not_before = null, waits = null, fence = t\.fence/,
    takeover: /set attempt = \$1, crashes = \$2, fence = \$3, run_owner = \$4/,
    'wish to cancel': /set cancel_requested_at/,
    'seizing of a task': /set fence = \$1, run_owner = \$2, not_before = null, waits = null where/,
    'delivery that was made': /delete from a2a_outbox/,
    'delivery that is tried again': /a2a_outbox set attempts = \$\d, attempt_log = \$\d where/,
    'delivery that is given up': /a2a_outbox set attempts = .*dead_at/,
    'what a disabled webhook was owed': /a2a_outbox set dead_at/,
    'disabling of a webhook': /a2a_push_config set disabled_at/,
    deletion: /^delete from a2a_task/,
    'job schedule': /update a2a_job/,
  },
});
