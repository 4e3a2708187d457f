import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListTasksResponse, Task } from '../src/protocol/model/index.js';
import { ReplayedLog } from './support/replayed-log.js';
import { figures, spread } from './support/faults/figures.js';
import { ReplicaFleet } from './support/faults/replica.fleet.js';
import { Witness } from './support/faults/witness.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { ServicePlace } from './support/service.place.js';
import { createTestMysql } from './support/test-mysql.js';
import { createTestSqlite } from './support/test-sqlite.js';

const LIMIT_MS = 240_000;
const STREAM = { chunks: 200, bytes: 64 };
const ENV = { A2A_LEASE_MS: '6000', A2A_RECOVERY_MS: '300' };

const [mysql, sqlite] = await Promise.all([createTestMysql(), createTestSqlite()]);
const DATABASES = [
  ...(sqlite ? [{ name: 'SQLite', url: `sqlite:${sqlite.file}` }] : []),
  ...(mysql ? [{ name: mysql.type, url: mysql.url }] : []),
];

afterAll(async () => {
  await mysql?.drop();
  sqlite?.drop();
});

if (DATABASES.length > 0) {
  describe.each(DATABASES)('the service on $name', ({ url }) => {
    let place: ServicePlace;
    let client: RpcClient;
    const agent = (id: string): RpcClient => new RpcClient(`${place.service.origin}/agents/${id}`);

    beforeAll(async () => {
      place = await ServicePlace.create({ DATABASE_URL: url, ...ENV });
      await place.start();
      client = agent('lab');
    }, LIMIT_MS);
    afterAll(() => place.remove(), LIMIT_MS);

    it('is ready, answers, streams, lists, and takes a follow-up', async () => {
      expect((await fetch(`${place.service.origin}/health/ready`)).status).toBe(200);
      const text = 'Grüße 👋🏽 \\ "quoted" \' % _';
      const { task } = await client.result<{ task: Task }>('SendMessage', { message: textMessage(`echo ${text}`) });
      expect(task.artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
      const stream = await client.stream('SendStreamingMessage', { message: textMessage('stream 20 64 2') });
      expect((await stream.all()).map(({ id }) => Number(id))).toEqual(Array.from({ length: 23 }, (_, n) => n + 1));
      const asked = await client.result<{ task: Task }>('SendMessage', { message: textMessage('ask') });
      const { id: taskId, contextId } = asked.task;
      const message = textMessage('the answer', { taskId, contextId });
      const answered = await client.result<{ task: Task }>('SendMessage', { message });
      expect(answered.task).toMatchObject({ id: taskId, status: { state: 'TASK_STATE_COMPLETED' } });
      const again = await client.result<{ task: Task }>('SendMessage', { message });
      expect(again.task.id).toBe(taskId);
      const list = await client.result<ListTasksResponse>('ListTasks', { contextId, includeArtifacts: true });
      expect(list).toMatchObject({ totalSize: 1, tasks: [{ id: taskId }] });
    });

    it(
      'has every acknowledged event after kill -9; what ran is failed or continued',
      async () => {
        const done = await client.result<{ task: Task }>('SendMessage', { message: textMessage('echo before') });
        const [lost, resumed] = await Promise.all(['lab', 'lab-resumable'].map(underWay));
        await place.service.kill('SIGKILL');
        await lost?.read;
        await resumed?.read;
        await place.start();
        client = agent('lab');
        expect(await client.result<Task>('GetTask', { id: done.task.id })).toEqual(done.task);
        expect(await ended('lab', lost?.taskId)).toMatchObject({
          state: 'TASK_STATE_FAILED',
          message: { metadata: { reason: 'RUN_LOST' } },
        });
        expect(await ended('lab-resumable', resumed?.taskId)).toMatchObject({ state: 'TASK_STATE_COMPLETED' });
        for (const [id, run] of Object.entries({ lab: lost, 'lab-resumable': resumed })) {
          const log = await ReplayedLog.read(agent(id), run?.taskId ?? '');
          log.expectWhole(STREAM);
          expect(log.frames.slice(0, run?.seen.length).map(({ raw }) => raw)).toEqual(run?.seen);
        }
      },
      LIMIT_MS,
    );

    /** A stream whose first events have been seen, and what was seen of it in the end. */
    async function underWay(id: string): Promise<{ taskId: string; seen: string[]; read: Promise<void> }> {
      const message = textMessage(`stream ${STREAM.chunks} ${STREAM.bytes} 50`);
      const stream = await agent(id).stream('SendStreamingMessage', { message });
      const seen: string[] = [];
      let taskId = '';
      let enough = (): void => undefined;
      const begun = new Promise<void>((resolve) => (enough = resolve));
      const read = async (): Promise<void> => {
        for await (const event of stream) {
          seen.push(`id: ${event.id}\ndata: ${event.data}\n\n`);
          const { result } = JSON.parse(event.data) as { result: { task?: Task } };
          taskId ||= result.task?.id ?? '';
          if (seen.length === 20) enough();
        }
      };
      // It breaks when the process is killed.
      const reading = read().catch(() => undefined);
      await Promise.race([begun, reading]);
      expect(seen.length).toBeGreaterThanOrEqual(20);
      return { taskId, seen, read: reading };
    }

    async function ended(id: string, taskId = ''): Promise<Task['status']> {
      const stream = await agent(id).stream('SubscribeToTask', { id: taskId }, { 'last-event-id': '0' });
      await stream.all();
      return (await agent(id).result<Task>('GetTask', { id: taskId })).status;
    }
  });
}

if (mysql) {
  describe(`three processes of the service on one ${mysql.type}`, () => {
    const TASKS = 12;
    let fleet: ReplicaFleet | undefined;
    afterEach(() => fleet?.remove(), LIMIT_MS);

    it(
      'lose and double nothing when the one that runs the tasks is killed; readers anywhere go on',
      async () => {
        const database = await createTestMysql();
        fleet = await ReplicaFleet.start({ replicas: 3, database });
        const witness = new Witness(fleet);
        const watch = (index: number) =>
          witness.watch({
            agent: index % 2 === 0 ? 'lab' : 'lab-resumable',
            stream: { ...STREAM, delayMs: 100 },
            at: 0,
            readers: [{ at: 0, fromSnapshot: true }, { at: 1 + (index % 2) }],
          });
        await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
        await witness.underWay(10);
        const killed = performance.now();
        await fleet.at(0).service.kill('SIGKILL');
        await witness.done(LIMIT_MS / 2);
        const verdict = await witness.verify();
        const takeovers = (await witness.takeovers()).map(({ at }) => at - killed);
        figures(`kill -9 of the owner of ${TASKS} tasks on ${database?.type}: taken over after ${spread(takeovers)}`);
        expect(takeovers).toHaveLength(TASKS);
        expect(verdict).toMatchObject({ completed: TASKS / 2, failed: { RUN_LOST: TASKS / 2 } });
      },
      LIMIT_MS,
    );
  });
}
