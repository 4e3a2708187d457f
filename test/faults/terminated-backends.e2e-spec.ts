import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OpenTypeOrmStores, openTypeOrmStores } from '../../src/tasks/typeorm/open-stores.js';
import { begin, caller, chunk, incoming, pause } from '../../src/testing/contracts/fixtures.js';
import { figures, sized } from '../support/faults/figures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROUNDS = sized(60, 500);
const TERMINATE = `
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

describe(`backends that are terminated, in ${ROUNDS} rounds`, () => {
  let database: TestDatabase;
  let stores: OpenTypeOrmStores;
  let killer: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openTypeOrmStores(database.url, { dataSource: { poolErrorHandler: () => undefined } });
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
    for (let round = 0; round < ROUNDS; round++) {
      killed += (await killer.query(TERMINATE)).rowCount ?? 0;
      await pause(Math.random() * 30);
    }
    over = true;
    await Promise.all(calls);
    figures(`${killed} backends terminated in ${ROUNDS} rounds: ${done} calls answered, ${failed} to be tried again`);
    expect(killed).toBeGreaterThan(ROUNDS);
    expect(done).toBeGreaterThan(0);
    await writers[0]?.write(chunk('still there'));
  }, 180_000);
});
