import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import type { ListTasksRequest } from '../../../protocol/model/index.js';
import type { CallContext } from '../../../security/call-context.js';
import {
  agentMessage,
  begin,
  caller,
  chunk,
  newTask,
  status,
  userMessage,
} from '../../../testing/contracts/fixtures.js';
import { pendingEvent, type PendingEvent } from '../../pending-event.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';

const BIG = 'x'.repeat(100_000);
const KB = 1000;

describe('a list of tasks: what a page takes from the database', () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;
  let pool: PostgresDatabase['pool'];
  let tasks: OpenPostgresStores['tasks'];

  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
    pool = PostgresDatabase.of(stores.dataSource).pool;
    tasks = stores.tasks;
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  const bytesRead = async (context: CallContext, request: ListTasksRequest, maxBytes = Infinity): Promise<number> => {
    // Snapshots are read over the same pool.
    await tasks.idle();
    const query = jest.spyOn(pool, 'query') as jest.SpiedFunction<() => Promise<{ rows: object[] }>>;
    const answer = await tasks.list(context, request, { maxBytes });
    expect(answer.tasks).not.toHaveLength(0);
    const results = await Promise.all(query.mock.results.map(({ value }) => value as Promise<{ rows: object[] }>));
    query.mockRestore();
    return JSON.stringify(results.map(({ rows }) => rows)).length;
  };

  const chunks = (n: number): PendingEvent[] => Array.from({ length: n }, () => chunk(BIG));

  it('is next to nothing of artifacts, wherever they are', async () => {
    const context = caller();
    const running = await begin(stores, context);
    await running.write(...chunks(20));
    const snapshotted = await begin(stores, context);
    await snapshotted.write(...chunks(20), status('TASK_STATE_COMPLETED'));
    const large = await begin(stores, context);
    for (let n = 0; n < 10; n++) await large.write(...chunks(10));
    await stores.tasks.idle();
    const { taskId, contextId } = newTask();
    const task = { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' as const } };
    const artifacts = [{ artifactId: 'a', parts: [{ text: BIG }] }];
    await tasks.create(context, {
      ...newTask({ taskId, contextId }),
      event: pendingEvent({ task: { ...task, artifacts } }),
    });
    expect(await bytesRead(context, {})).toBeLessThan(20 * KB);
    expect(await bytesRead(context, { includeArtifacts: true })).toBeGreaterThan(14_000 * KB);
  });

  it.each([
    ['without artifacts', {}, { history: [userMessage(BIG)] }, []],
    ['with artifacts', { includeArtifacts: true }, {}, chunks(1)],
  ])('is no more than its bytes allow, %s', async (_name, request, fields, events) => {
    const context = caller();
    for (let n = 0; n < 20; n++) {
      const writer = await begin(stores, context, fields);
      if (events.length > 0) await writer.write(...events);
    }
    expect(await bytesRead(context, request, 350 * KB)).toBeLessThan(350 * KB);
    expect(await bytesRead(context, request, 350 * KB)).toBeGreaterThan(300 * KB);
    // At least one task must exist.
    expect(await bytesRead(context, request, 10 * KB)).toBeLessThan(110 * KB);
    expect(await bytesRead(context, request)).toBeGreaterThan(2_000 * KB);
  });

  it('is of artifact events with metadata the metadata', async () => {
    const context = caller();
    const writer = await begin(stores, context);
    const artifact = { artifactId: 'a', parts: [{ text: BIG, metadata: { page: 1 } }] };
    const update = { taskId: '', contextId: '', artifact, append: true };
    for (let n = 0; n < 10; n++) await writer.write(pendingEvent({ artifactUpdate: { ...update, metadata: { n } } }));
    await writer.write(pendingEvent({ artifactUpdate: update }));
    expect(await bytesRead(context, {})).toBeLessThan(10 * KB);
    expect((await tasks.list(context, {})).tasks[0]?.metadata).toEqual({ n: 9 });
  });

  it('is nothing of the history when none is asked for', async () => {
    const context = caller();
    const writer = await begin(stores, context, { history: [userMessage(BIG)] });
    for (let n = 0; n < 10; n++) await writer.write(status('TASK_STATE_WORKING', { message: agentMessage(BIG) }));
    await writer.write(status('TASK_STATE_WORKING', { message: agentMessage('last') }));
    await stores.tasks.idle();
    // The status of a snapshot is read even if later statuses replace it.
    expect(await bytesRead(context, { historyLength: 0 })).toBeLessThan(110 * KB);
    expect((await tasks.list(context, { historyLength: 0 })).tasks[0]?.status.message?.parts).toEqual([
      { text: 'last' },
    ]);
    expect(await bytesRead(context, { historyLength: 1 })).toBeGreaterThan(1_000 * KB);
  });
});
