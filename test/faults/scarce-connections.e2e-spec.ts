import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized, spread } from '../support/faults/figures.js';
import { OwnPostgres } from '../support/faults/own-postgres.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const TASKS = sized(20, 60);
const CALLERS = sized(8, 20);
const CALLS = sized(5, 50);
const STREAM = { chunks: sized(60, 300), bytes: 64, delayMs: 30 };
const UNDER_WAY = 5;
const MAX_CONNECTIONS = 30;
const AWAY_MS = sized(3_000, 12_000);
const UNAVAILABLE = -32053;
const SERVICE = 'nest-a2a';
const LIMIT_MS = 180_000;

describe('few connections to the database', () => {
  let fleet: ReplicaFleet;
  afterEach(() => fleet.remove(), LIMIT_MS);

  const streams = (witness: Witness): Promise<unknown> =>
    Promise.all(
      Array.from({ length: TASKS }, (_, index) =>
        witness.watch({ agent: 'lab', stream: STREAM, at: index % 2, readers: [{ at: (index + 1) % 2 }] }),
      ),
    );

  it(
    'a pool of one: streams, calls, lists and cancels all get their turn',
    async () => {
      fleet = await ReplicaFleet.start({ replicas: 2, losesNone: true, env: () => ({ A2A_POOL_SIZE: '1' }) });
      const witness = new Witness(fleet);
      await streams(witness);
      const times: number[] = [];
      const caller = async (number: number): Promise<void> => {
        const lab = fleet.at(number % 2).lab();
        const other = fleet.at((number + 1) % 2).lab();
        for (let call = 0; call < CALLS; call++) {
          const begun = performance.now();
          const contextId = crypto.randomUUID();
          const { task } = await lab.result<{ task: Task }>('SendMessage', {
            message: textMessage('ask', { contextId }),
          });
          await other.result('GetTask', { id: task.id });
          const { tasks } = await other.result<{ tasks: Task[] }>('ListTasks', { contextId });
          expect(tasks.map(({ id }) => id)).toEqual([task.id]);
          if (call % 2 === 0) await other.result('CancelTask', { id: task.id });
          else await other.result('SendMessage', { message: textMessage('answer', { contextId, taskId: task.id }) });
          times.push(performance.now() - begun);
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));
      await witness.done(LIMIT_MS / 2);
      expect(await witness.verify()).toMatchObject({ completed: TASKS, failed: {} });
      figures(`a pool of one: ${times.length} times four calls beside ${2 * TASKS} streams: ${spread(times)}`);
    },
    LIMIT_MS,
  );

  /** Takes every connection that the server has, also those that the service would open again. */
  async function takeAll(url: string): Promise<pg.Client[]> {
    const taken: pg.Client[] = [];
    const take = async (): Promise<boolean> => {
      const client = new pg.Client({ connectionString: url, application_name: 'hog' });
      client.on('error', () => undefined);
      const got = await client.connect().then(
        () => true,
        () => false,
      );
      if (got) taken.push(client);
      return got;
    };
    while (await take());
    const [first] = taken;
    while (taken.length < MAX_CONNECTIONS) {
      await first?.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${SERVICE}'`,
      );
      while (await take());
    }
    return taken;
  }

  it(
    'none left on the server: calls are refused by name, readiness says so, and all goes on when there are some again',
    async () => {
      const database = await OwnPostgres.start({ settings: { max_connections: String(MAX_CONNECTIONS) } });
      const env = { A2A_POOL_SIZE: '4' };
      fleet = await ReplicaFleet.start({ replicas: 2, losesNone: true, database, env: () => env });
      const witness = new Witness(fleet);
      await streams(witness);
      await witness.underWay(UNDER_WAY);

      const hogs = await takeAll(database.url);
      const since = performance.now();
      const readiness = async (): Promise<number[]> =>
        Promise.all(fleet.replicas.map(async ({ service }) => (await fetch(`${service.origin}/health/ready`)).status));
      const codes = new Set<number | undefined>();
      while (performance.now() - since < AWAY_MS) {
        const calls = fleet.replicas.map((replica) => replica.lab().call('ListTasks', {}));
        for (const { error } of await Promise.all(calls)) codes.add(error?.code);
        expect(await readiness()).toEqual([503, 503]);
        for (const { service } of fleet.replicas)
          expect((await fetch(`${service.origin}/health/live`)).status).toBe(200);
        await sleep(100);
      }
      const freed = performance.now();
      await Promise.all(hogs.map((hog) => hog.end()));
      while ((await readiness()).some((status) => status !== 200)) await sleep(50);
      const ready = performance.now() - freed;
      await witness.send('again', { at: 0 });
      await witness.done(LIMIT_MS / 2);

      expect([...codes]).toEqual([UNAVAILABLE]);
      expect(await witness.verify()).toMatchObject({ completed: TASKS, failed: {}, acknowledged: 1 });
      figures(
        `no connection for ${AWAY_MS} ms: ready again ${Math.round(ready)} ms after there were some; all ${TASKS} streams completed`,
      );
    },
    LIMIT_MS,
  );
});
