import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, FULL, sized } from '../support/faults/figures.js';
import { OwnPostgres } from '../support/faults/own-postgres.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { noSmallDisk, SmallDisk } from '../support/faults/small-disk.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const DISK_MB = 600;
const TASKS = sized(6, 12);
const STREAM = { chunks: 200, bytes: 10_000, delayMs: 20 };
/** The full form is longer than a write is tried again for. */
const FULL_MS = sized(3_000, 75_000);
/** What callers send; the large ones need room at once. */
const MESSAGE_BYTES = [20, 20, 100_000, 100_000];
const UNDER_WAY = 5;
const UNAVAILABLE = -32053;
const CALL_LIMIT_MS = 100_000;
const LIMIT_MS = 300_000;
/** The lease is longer than the disk is full. */
const ENV = { A2A_LEASE_MS: '200000' };
/** Little log, so that it is the tables that find no room. */
const SETTINGS = { max_wal_size: '64MB', min_wal_size: '64MB' };

/** Some 10 MB that do not compress. */
const NEEDS_ROOM = `create table needs_room as select string_agg(md5(random()::text), '') from generate_series(1, 300000)`;
const DISK_FULL = '53100';

/** Why a task fails whose events could not be stored for that long. */
const GIVEN_UP = ['UNAVAILABLE', 'RUN_LOST'];

/** What callers were told. */
interface Told {
  /** How often, by the code of the error. */
  readonly refused: Map<number, number>;
  readonly answered: { id: string; text: string; state: string }[];
}

const obstacle = noSmallDisk();

describe('a Postgres whose disk is full', () => {
  if (obstacle !== undefined) return it(`is not tested here: ${obstacle}`, () => undefined);

  let disk: SmallDisk;
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    disk = SmallDisk.create(DISK_MB);
    const database = await OwnPostgres.start({ root: disk.root, settings: SETTINGS });
    fleet = await ReplicaFleet.start({ replicas: 2, database, env: () => ENV });
  }, LIMIT_MS);
  afterEach(async () => {
    disk.makeSpace();
    await fleet.remove();
    disk.remove();
  }, LIMIT_MS);

  /** Sends one message after the other, and keeps what it is told. */
  async function ask(told: Told, caller: number, stopped: () => boolean): Promise<void> {
    for (; !stopped(); await sleep(50)) {
      // Random, or it takes no room.
      const text = randomBytes((MESSAGE_BYTES[caller] ?? 2) / 2).toString('hex');
      const params = { message: textMessage(`echo ${text}`) };
      const lab = fleet.at(caller % 2).lab();
      const { result, error } = await lab.call<{ task: Task }>(
        'SendMessage',
        params,
        {},
        AbortSignal.timeout(CALL_LIMIT_MS),
      );
      if (error) told.refused.set(error.code, (told.refused.get(error.code) ?? 0) + 1);
      else if (result) told.answered.push({ id: result.task.id, text, state: result.task.status.state });
    }
  }

  async function expectTrue({ answered }: Told): Promise<void> {
    for (const { id, text, state } of answered) {
      const { status, artifacts } = await fleet.at(0).lab().result<Task>('GetTask', { id });
      expect(status.state).toBe(state);
      if (state === 'TASK_STATE_COMPLETED') expect(artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
      else expect(GIVEN_UP).toContain(status.message?.metadata?.['reason']);
    }
  }

  it(
    'refuses by name and acknowledges nothing that is not stored; with room again everything goes on',
    async () => {
      const witness = new Witness(fleet);
      const tasks = Array.from({ length: TASKS }, (_, index) =>
        witness.watch({ agent: 'lab', stream: STREAM, at: index % 2, readers: [{ at: (index + 1) % 2 }] }),
      );
      await Promise.all(tasks);
      await witness.underWay(UNDER_WAY);
      const told: Told = { refused: new Map(), answered: [] };
      let over = false;
      const callers = MESSAGE_BYTES.map((_, caller) => ask(told, caller, () => over));

      for (const until = performance.now() + FULL_MS; performance.now() < until; await sleep(200)) {
        disk.fill();
        for (const { service } of fleet.replicas)
          expect((await fetch(`${service.origin}/health/live`)).status).toBe(200);
      }
      await expect(fleet.query(NEEDS_ROOM)).rejects.toMatchObject({ code: DISK_FULL });
      const seen = witness.readers.map(({ lastSeq }) => lastSeq);
      disk.makeSpace();
      const freed = performance.now();
      await witness.done(LIMIT_MS / 3);
      const tookMs = Math.round(performance.now() - freed);
      over = true;
      await Promise.all(callers);

      const { completed, failed } = await witness.verify();
      await expectTrue(told);
      figures(
        `disk full for ${FULL_MS} ms: streams stood at events ${Math.min(...seen)} to ${Math.max(...seen)} and were done ${tookMs} ms ` +
          `after there was room (${completed} completed, failed ${JSON.stringify(failed)}); ` +
          `${told.answered.length} sends answered, refused by code ${JSON.stringify(Object.fromEntries(told.refused))}`,
      );
      expect([...told.refused.keys()]).toEqual(FULL ? [UNAVAILABLE] : []);
      // What was tried in vain for a minute has failed, and says so.
      expect(GIVEN_UP).toEqual(expect.arrayContaining(Object.keys(failed)));
      if (!FULL) expect(completed).toBe(TASKS);
    },
    LIMIT_MS,
  );
});
