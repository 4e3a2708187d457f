import { it } from '@jest/globals';
import { mariadbStorage, mysqlStorage } from '../../src/storage/sql.storage.js';
import { lostAnswers } from '../support/faults/lost-answers.suite.js';
import { MysqlLoss } from '../support/faults/mysql.loss.js';
import { createTestMysql } from '../support/test-mysql.js';

const server = await createTestMysql();
const storage = server?.type === 'mysql' ? mysqlStorage : mariadbStorage;

if (server) {
  lostAnswers(server.type, {
    loss: new MysqlLoss(),
    open: () => Promise.resolve(() => storage({ url: server.url })),
    close: () => server.drop(),
    // A read that is lost is an outage, which other tests have.
    some: /^(insert|update|delete|commit)/,
    essential: {
      create: /insert into a2a_task/,
      append: /insert into a2a_event/,
      'commit of events': /commit after insert into a2a_event/,
      'put into the inbox': /insert into a2a_inbox/,
      'claim of a turn': /set turn = \?, attempt = \?, .*run_owner = \?, not_before = null/,
      'next turn': /set turn = \?, attempt = \?, crashes = \?, failures = \? where/,
      release: /set run_owner = \? where/,
      'hand-back': /set fence = \?, failures = \?, run_owner = \?, not_before/,
      'read of the queue': /with recursive kind/,
      'start of queued tasks': /set attempt = \?, fence = \?, run_owner = \?, not_before = null/,
      takeover: /set attempt = \?, crashes = \?, fence = \?, run_owner = \?/,
      'wish to cancel': /set cancel_requested_at/,
      'seizing of a task': /set fence = \?, run_owner = \?, not_before = null, waits = null where/,
      'delivery that was made': /delete from a2a_outbox where id/,
      'delivery that is tried again': /a2a_outbox set attempts = \?, attempt_log = \? where/,
      'delivery that is given up': /a2a_outbox set attempts = .*dead_at/,
      'what a disabled webhook was owed': /a2a_outbox set dead_at/,
      'disabling of a webhook': /a2a_push_config set disabled_at/,
      deletion: /^delete from a2a_task/,
      'job schedule': /update a2a_job/,
    },
  });
} else {
  it('is not tested without a MySQL or MariaDB', () => undefined);
}
