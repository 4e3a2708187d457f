import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListTasksResponse, Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { ReplayedLog } from '../support/replayed-log.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { SeededRandom } from '../support/seeded-random.js';
import { ServicePlace } from '../support/service.place.js';
import { stallReport, unlessStalled } from '../support/stall-report.js';
import { StreamWitness } from '../support/stream-witness.js';

/** Moments at which each target is killed. */
const ROUNDS = Number(process.env.A2A_FAULT_ROUNDS ?? sized(1, 10));
const SEED = Number(process.env.A2A_FAULT_SEED ?? randomInt(2 ** 31));
const CLIENTS = sized(10, 20);
/** Longer than the outage of the database. */
const LEASE_MS = sized(20_000, 30_000);
const BYTES = 64;
const LAST_START_MS = 400;
const LAST_KILL_MS = 1600;
/** After this long a round tells who waits for what, and fails. */
const STALL_MS = 90_000;
const ROUND_LIMIT_MS = 120_000;

const TARGETS = ['node', 'postgres', 'both'] as const;
type Target = (typeof TARGETS)[number];

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** One round: what is streamed, and when what is killed. The same seed gives the same plan. */
function planOf(target: Target, round: number) {
  const random = new SeededRandom(SEED + TARGETS.indexOf(target) * 1000 + round);
  const killAfterMs = random.between(0, LAST_KILL_MS);
  const streams = Array.from({ length: CLIENTS }, () => {
    const delayMs = random.between(1, 20);
    const lastsMs = random.between(200, 2500);
    return {
      startAfterMs: random.between(0, LAST_START_MS),
      chunks: Math.ceil(lastsMs / delayMs),
      bytes: BYTES,
      delayMs,
    };
  });
  return { killAfterMs, postgresFirst: random.next() < 0.5, streams };
}

const rounds = TARGETS.flatMap((target) =>
  Array.from({ length: ROUNDS }, (_, index) => ({ target, round: index + 1 })),
);

describe(`kill -9 while ${CLIENTS} streams run (A2A_FAULT_SEED=${SEED})`, () => {
  let place: ServicePlace;
  let client: RpcClient;

  beforeAll(async () => {
    figures(`A2A_FAULT_SEED=${SEED} A2A_FAULT_ROUNDS=${ROUNDS}`);
    place = await ServicePlace.create({ A2A_LEASE_MS: String(LEASE_MS), A2A_RECOVERY_MS: '500' });
    const { origin } = await place.start();
    client = new RpcClient(`${origin}/agents/lab`);
  }, ROUND_LIMIT_MS);

  afterAll(() => place.remove(), ROUND_LIMIT_MS);

  function kill(target: Target, postgresFirst: boolean): void {
    const node = (): void => void place.service.kill('SIGKILL');
    const postgres = (): void => place.killPostmaster();
    if (target === 'node') node();
    else if (target === 'postgres') postgres();
    else for (const each of postgresFirst ? [postgres, node] : [node, postgres]) each();
  }

  /** A service whose database is unreachable is not ready. */
  async function untilReady(): Promise<void> {
    for (;;) {
      const { ok } = await fetch(`${place.service.origin}/health/ready`);
      if (ok) return;
      await sleep(50);
    }
  }

  /** Sends one message after the other, and keeps what was acknowledged, until it is told to stop. */
  async function acknowledge(acknowledged: Map<string, string>, stopped: () => boolean): Promise<void> {
    for (let number = 0; !stopped(); number++) {
      const text = `${crypto.randomUUID()} ${number}`;
      const sent = client.call<{ task: Task }>('SendMessage', { message: textMessage(`echo ${text}`) });
      const answer = await sent.catch(() => undefined);
      const task = answer?.result?.task;
      if (task?.status.state === 'TASK_STATE_COMPLETED') acknowledged.set(task.id, text);
      else await sleep(20);
    }
  }

  /** What was acknowledged is there, whatever was killed since. */
  async function expectAcknowledged(acknowledged: ReadonlyMap<string, string>): Promise<void> {
    for (const [id, text] of acknowledged) {
      const task = await client.result<Task>('GetTask', { id });
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(task.artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
    }
  }

  async function readAll(witnesses: StreamWitness[]): Promise<ReplayedLog[]> {
    const logs = [];
    for (const { taskId = '', asked } of witnesses) {
      const log = await ReplayedLog.read(client, taskId);
      log.expectWhole(asked);
      logs.push(log);
    }
    return logs;
  }

  /** The service itself lives: connections hold, and each stream goes on to its end. */
  async function expectSurvived(
    witnesses: StreamWitness[],
    streams: Promise<unknown>[],
    killed: number,
  ): Promise<string> {
    await Promise.all(streams);
    const took = Date.now() - killed;
    await untilReady();
    const logs = await readAll(witnesses);
    witnesses.forEach((witness, index) => {
      expect(witness.connections).toBe(1);
      expect(witness.ended).toBe(true);
      expect(logs[index]?.task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(witness.lastSeq).toBe(logs[index]?.lastSeq);
      witness.expectKept(logs[index]!);
    });
    const refusals = sum(witnesses.map((witness) => witness.refusals));
    return `${sum(logs.map(({ lastSeq }) => lastSeq))} events, all on the first connection; sends refused and repeated: ${refusals}; last stream ended ${took} ms later`;
  }

  /** A new process on the same DATA_DIR and port: readers come back to what they left. */
  async function expectRecovered(
    witnesses: StreamWitness[],
    streams: Promise<unknown>[],
    killed: number,
  ): Promise<string> {
    await Promise.all([place.service.exited, ...streams]);
    const seen = sum(witnesses.map(({ lastSeq }) => lastSeq));
    const ended = witnesses.filter((witness) => witness.ended).length;
    await place.start();
    const took = Date.now() - killed;
    const unanswered = witnesses.filter(({ taskId }) => taskId === undefined);
    await Promise.all(unanswered.map((witness) => witness.sendUntilAccepted(() => true)));
    const logs = await readAll(witnesses);
    const unseen = sum(logs.map(({ lastSeq }, index) => lastSeq - witnesses[index]!.lastSeq));
    await Promise.all(
      witnesses.map(async (witness, index) => {
        const log = logs[index]!;
        if (witness.lastSeq < log.lastSeq || log.ended) await witness.resume(log.lastSeq);
        expect(witness.lastSeq).toBe(log.lastSeq);
        witness.expectKept(log);
        await witness.expectOneTask();
      }),
    );
    return `${seen} events seen, ${ended} streams ended, ${unanswered.length} sends without an answer; back after ${took} ms; ${unseen} events that nobody had seen yet`;
  }

  it.each(rounds)(
    '$target, moment $round: no client misses or doubles anything',
    async ({ target, round }) => {
      // A round that failed may have left it dead.
      if (!place.service.alive) await place.start();
      const { killAfterMs, postgresFirst, streams } = planOf(target, round);
      const old = place.postmaster;
      const witnesses = streams.map((asked) => new StreamWitness(client, asked));
      const survives = target === 'postgres';
      const running = witnesses.map(async (witness, index) => {
        await sleep(streams[index]?.startAfterMs);
        await (survives ? witness.sendUntilAccepted() : witness.send());
      });
      const acknowledged = new Map<string, string>();
      let over = false;
      const acknowledging = acknowledge(acknowledged, () => over);
      await sleep(killAfterMs);
      kill(target, postgresFirst);
      const killed = Date.now();
      const outcome = (survives ? expectSurvived : expectRecovered)(witnesses, running, killed);
      const measured = await unlessStalled(outcome, STALL_MS, () => stallReport(place, witnesses));
      over = true;
      await acknowledging;
      await expectAcknowledged(acknowledged);
      expect(place.postmaster === old).toBe(target === 'node');
      figures(
        `kill -9 ${target} ${round}/${ROUNDS} after ${killAfterMs} ms: ${measured}; ${acknowledged.size} acknowledged`,
      );
    },
    ROUND_LIMIT_MS,
  );

  it(
    'leaves no task without an end: what a killed process ran has failed with a reason',
    async () => {
      if (!place.service.alive) await place.start();
      const list = (status: string): Promise<ListTasksResponse> =>
        client.result('ListTasks', { status, pageSize: 100 });
      const open = async (): Promise<number> =>
        sum([(await list('TASK_STATE_SUBMITTED')).totalSize, (await list('TASK_STATE_WORKING')).totalSize]);
      while ((await open()) > 0) await sleep(200);
      const reasons = (await list('TASK_STATE_FAILED')).tasks.map(({ status }) => status.message?.metadata?.['reason']);
      expect([...new Set(reasons)]).toEqual(reasons.length > 0 ? ['RUN_LOST'] : []);
    },
    ROUND_LIMIT_MS,
  );

  it(
    'ends in order after all that',
    async () => {
      expect(await place.service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(place.databaseProcesses).toEqual([]);
    },
    ROUND_LIMIT_MS,
  );
});
