import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { type Replica, ReplicaFleet } from '../support/faults/replica.fleet.js';
import { TaskReader } from '../support/faults/task.reader.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const SENDS = 50;
const REPLICAS = 3;
const QUIET_ROUNDS = sized(2, 10);
const KILLS = sized(2, 12);
const AGENT = 'lab-resumable';
const STREAM = { chunks: 40, bytes: 16, delayMs: 25 };
/** Nobody loses one, also on a slow machine. */
const LEASE_MS = '8000';
const RETRY_MS = 100;
const CALL_LIMIT_MS = 30_000;
const LIMIT_MS = 300_000;

/** The same message, sent by all at once: half of them stream, half wait for the answer. */
interface Crowd {
  readonly contextId: string;
  readonly messageId: string;
  readonly readers: readonly TaskReader[];
  readonly callers: readonly Promise<Task>[];
}

describe(`a message that is sent ${SENDS} times at once to ${REPLICAS} replicas`, () => {
  let fleet: ReplicaFleet;

  beforeAll(async () => {
    fleet = await ReplicaFleet.start({ replicas: REPLICAS, env: () => ({ A2A_LEASE_MS: LEASE_MS }) });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  /** As clients do: the same again, elsewhere, when nothing came back or it says so. */
  async function call(message: object, at: number): Promise<Task> {
    for (let replica: Replica | undefined = fleet.usable[at]; ; replica = fleet.usable[at % fleet.usable.length]) {
      const signal = AbortSignal.timeout(CALL_LIMIT_MS);
      const sent = replica?.lab(AGENT).call<{ task: Task }>('SendMessage', { message }, {}, signal);
      const answer = await sent?.catch(() => undefined);
      if (answer?.result) return answer.result.task;
      if (answer?.error) expect(answer.error.message).toMatch(/again/);
      await sleep(RETRY_MS);
    }
  }

  function sendAll(): Crowd {
    const { chunks, bytes, delayMs } = STREAM;
    const contextId = crypto.randomUUID();
    const message = textMessage(`stream ${chunks} ${bytes} ${delayMs}`, { contextId });
    const numbers = fleet.usable.map(({ number }) => number);
    const readers: TaskReader[] = [];
    const callers: Promise<Task>[] = [];
    for (let index = 0; index < SENDS; index++) {
      const place = index % REPLICAS;
      if (index % 2 === 0) readers.push(new TaskReader(fleet, { agent: AGENT, at: numbers[place] ?? 0, message }));
      else callers.push(call(message, place));
    }
    return { contextId, messageId: message.messageId, readers, callers };
  }

  /** One task, one run of it at a time, and everybody is shown and told of that. */
  async function expectOne({ contextId, messageId, readers, callers }: Crowd): Promise<{ attempt: number }> {
    const answers = await Promise.all(callers);
    const id = answers[0]?.id ?? '';
    const witness = new Witness(fleet);
    witness.tasks.push({ id, at: 0, agent: AGENT, stream: STREAM, messageId, readers });
    await witness.done(LIMIT_MS / 5);
    expect(await witness.verify()).toMatchObject({ completed: 1 });
    for (const task of answers) expect(task).toMatchObject({ id, status: { state: 'TASK_STATE_COMPLETED' } });
    for (const reader of readers) expect(reader.taskId).toBe(id);
    for (const replica of fleet.usable) {
      const { tasks } = await replica.lab(AGENT).result<{ tasks: Task[] }>('ListTasks', { contextId });
      expect(tasks.map((task) => task.id)).toEqual([id]);
    }
    const rows = await fleet.query<{ turn: number; attempt: number }>(
      'select turn, attempt from a2a_task where context_id = $1',
      [contextId],
    );
    expect(rows).toEqual([{ turn: 1, attempt: expect.any(Number) as unknown }]);
    return rows[0]!;
  }

  it(
    'makes one task and one run, and all are answered with it',
    async () => {
      for (let round = 0; round < QUIET_ROUNDS; round++)
        expect(await expectOne(sendAll())).toMatchObject({ attempt: 1 });
      figures(`${QUIET_ROUNDS} messages, each sent ${SENDS} times at once: one task and one run each`);
    },
    LIMIT_MS,
  );

  it(
    'makes one task when a replica is killed meanwhile: it is run again only if that one ran it',
    async () => {
      let again = 0;
      for (let round = 0; round < KILLS; round++) {
        const crowd = sendAll();
        // Before some have arrived, or when it runs.
        if (round % 2 === 0) await sleep(Math.random() * 50);
        else await Promise.all(crowd.readers.map((reader) => reader.until(5)));
        const victim = fleet.usable[Math.floor(Math.random() * REPLICAS)]!;
        await victim.service.kill('SIGKILL');
        const { attempt } = await expectOne(crowd);
        expect([1, 2]).toContain(attempt);
        again += attempt - 1;
        await fleet.add();
      }
      figures(`${KILLS} kills while a message was sent ${SENDS} times: one task each, ${again} of them run again`);
    },
    LIMIT_MS,
  );
});
