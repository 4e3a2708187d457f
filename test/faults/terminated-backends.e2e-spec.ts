import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OpenPostgresStores, openPostgresStores } from '../../src/tasks/sql/postgres/open-stores.js';
import { begin, caller, chunk, incoming, pause } from '../../src/testing/contracts/fixtures.js';
import { figures, sized } from '../support/faults/figures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TERMINATED = sized(60, 500);
const TERMINATE = `
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

describe(`${TERMINATED} backends that are terminated`, () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;
  let killer: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url, { dataSource: { poolErrorHandler: () => undefined } });
    killer = new pg.Client(database.url);
    await killer.connect();
  });
  afterAll(async () => {
    await killer.end();
    await stores.close();
    await database.drop();
  });

  it('while messages are put into inboxes and taken, leave the process alive and the storage usable', async () => {
    const context = caller();
    const writers = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
    let over = false;
    let done = 0;
    let failed = 0;
    const calls = writers.flatMap((writer) =>
      [0, 1, 2, 3].map(async () => {
        while (!over) {
          const { taskId } = writer.run;
          const put = stores.inbox.put(context, taskId, incoming('x'), 'digest', 1_000_000);
          const released = stores.runs.release(writer.run);
          const ends = await Promise.allSettled([put, released, stores.tasks.head(context, taskId)]);
          for (const end of ends) {
            if (end.status === 'fulfilled') {
              done++;
              continue;
            }
            failed++;
            expect(end.reason).toMatchObject({ reason: 'UNAVAILABLE' });
          }
        }
      }),
    );
    let killed = 0;
    let rounds = 0;
    // How many there are in a round is the machine's pace: a round may come before the pool has connected again.
    while (killed < TERMINATED || done === 0) {
      killed += (await killer.query(TERMINATE)).rowCount ?? 0;
      rounds++;
      await pause(Math.random() * 30);
    }
    over = true;
    await Promise.all(calls);
    figures(`${killed} backends terminated in ${rounds} rounds: ${done} calls answered, ${failed} to be tried again`);
    await writers[0]?.write(chunk('still there'));
  }, 180_000);
});
