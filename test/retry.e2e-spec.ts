import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Task } from '../src/protocol/model/index.js';
import { isTerminal } from '../src/protocol/state/task-state.js';
import { type RpcClient, textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';

const LIMIT_MS = 240_000;

describe('an agent that fails for a passing reason', () => {
  let fleet: ServiceFleet;
  beforeEach(async () => {
    fleet = await ServiceFleet.create({ A2A_MAX_RUNS: '1' });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  const run = (client: RpcClient, text: string, fields = {}) =>
    client.result<{ task: Task }>('SendMessage', { message: textMessage(text, fields) }).then(({ task }) => task);

  /** For the second time, which lasts longer. Said is not yet stored. */
  async function untilHandedBack(database: pg.Client, id: string): Promise<void> {
    const waits =
      'select from a2a_task where task_id = $1 and failures = 2 and run_owner is null and not_before is not null';
    while ((await database.query(waits, [id])).rowCount === 0) await sleep(10);
  }

  it(
    'is tried again while its caller waits and others have its place, and given up after the third time',
    async () => {
      const lab = labOf(await fleet.start());
      const [again, given, other] = await Promise.all([
        run(lab, 'transient 2'),
        run(lab, 'transient 9'),
        run(lab, 'echo other'),
      ]);
      expect(again).toMatchObject({
        status: { state: 'TASK_STATE_COMPLETED' },
        artifacts: [{ parts: [{ text: 'done at attempt 3' }] }],
      });
      expect(given.status).toMatchObject({
        state: 'TASK_STATE_FAILED',
        message: { metadata: { reason: 'RETRIES_EXHAUSTED' } },
      });
      expect(other.status.state).toBe('TASK_STATE_COMPLETED');
    },
    LIMIT_MS,
  );

  it(
    'is tried again by another process when its own is killed in between',
    async () => {
      const a = await fleet.start();
      const said = a.said('which is tried again');
      const params = { message: textMessage('transient 2'), configuration: { returnImmediately: true } };
      // Connected before: it is handed back for a second or two.
      const database = new pg.Client({ connectionString: fleet.database.url });
      await database.connect();
      let id: string;
      try {
        ({ id } = (await labOf(a).result<{ task: Task }>('SendMessage', params)).task);
        await said;
        await untilHandedBack(database, id);
        await a.kill('SIGKILL');
      } finally {
        await database.end();
      }
      const lab = labOf(await fleet.start());
      for (;;) {
        const now = await lab.result<Task>('GetTask', { id });
        if (!isTerminal(now.status.state)) await sleep(50);
        else return expect(now.artifacts).toMatchObject([{ parts: [{ text: 'done at attempt 3' }] }]);
      }
    },
    LIMIT_MS,
  );
});
