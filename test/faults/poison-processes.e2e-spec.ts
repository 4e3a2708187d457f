import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { isTerminal } from '../../src/protocol/state/task-state.js';
import { figures, sized } from '../support/faults/figures.js';
import { type LabAgentId, type Replica, ReplicaFleet } from '../support/faults/replica.fleet.js';
import { type WatchedTask, Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const SIBLINGS = sized(3, 10);
/** They outlast the process that they share with the poison, however slow the machine is. */
const STREAM = { chunks: sized(100, 400), bytes: 64, delayMs: sized(200, 50) };
const MAX_ATTEMPTS = 2;
const REPLICAS = MAX_ATTEMPTS + 1;
const ENV = {
  A2A_MAX_ATTEMPTS: String(MAX_ATTEMPTS),
  // Out of memory soon, and not of that of the machine.
  NODE_OPTIONS: '--max-old-space-size=192',
};
/** Of the task and of `working`, and some chunks. */
const UNDER_WAY = 10;
/** Asked for its health, a process has this long to answer; then it is killed, as an orchestrator does. A busy machine is slow. */
const PROBE_LIMIT_MS = 15_000;
const CALL_LIMIT_MS = PROBE_LIMIT_MS;
const RETRY_MS = 100;
const LIMIT_MS = 180_000;

interface Poison {
  readonly text: 'loop' | 'oom' | 'die';
  readonly agent: LabAgentId;
}

const POISONS: Poison[] = sized(
  [
    { text: 'oom', agent: 'lab' },
    { text: 'loop', agent: 'lab-resumable' },
  ],
  (['loop', 'oom', 'die'] as const).flatMap((text) => [
    { text, agent: 'lab' as const },
    { text, agent: 'lab-resumable' as const },
  ]),
);

describe('a poisonous message that takes its process with it', () => {
  let fleet: ReplicaFleet;
  let witness: Witness;
  beforeEach(async () => {
    fleet = await ReplicaFleet.start({ replicas: REPLICAS, env: () => ENV });
    witness = new Witness(fleet);
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  function siblings(agent: LabAgentId, at: number): Promise<WatchedTask[]> {
    return Promise.all(Array.from({ length: SIBLINGS }, () => witness.watch({ agent, stream: STREAM, at })));
  }

  /** At the first replica, then wherever one is, until it is answered; undefined: not within the time. */
  async function call<T>(agent: LabAgentId, method: string, params: object): Promise<T> {
    for (;;) {
      const signal = AbortSignal.timeout(CALL_LIMIT_MS);
      const answer = await fleet.usable[0]
        ?.lab(agent)
        .call<T>(method, params, {}, signal)
        .catch(() => undefined);
      if (answer?.result) return answer.result;
      await sleep(RETRY_MS);
    }
  }

  /** The reason of its failure. */
  async function outcomeOf({ text, agent }: Poison): Promise<unknown> {
    // Sent again when its process took the answer with it, as clients do.
    const params = { message: textMessage(text), configuration: { returnImmediately: true } };
    let { task } = await call<{ task: Task }>(agent, 'SendMessage', params);
    for (; !isTerminal(task.status.state); await sleep(RETRY_MS)) task = await call(agent, 'GetTask', { id: task.id });
    return task.status.message?.metadata?.['reason'] ?? task.status.state;
  }

  /** What looks after processes: kills those that do not answer, and starts no new ones. Resolves with the numbers of the dead. */
  async function orchestrate(stopped: () => boolean): Promise<number[]> {
    const probe = async ({ service }: Replica): Promise<void> => {
      const signal = AbortSignal.timeout(PROBE_LIMIT_MS);
      const answer = await fetch(`${service.origin}/health/live`, { signal }).catch(() => undefined);
      if (!answer?.ok) await service.kill('SIGKILL');
    };
    for (; !stopped(); await sleep(RETRY_MS)) await Promise.all(fleet.usable.map(probe));
    return fleet.replicas.filter(({ service }) => !service.alive).map(({ number }) => number);
  }

  const stateOf = async ({ id, agent }: WatchedTask): Promise<string> => {
    const { status } = await call<Task>(agent, 'GetTask', { id });
    return String(status.message?.metadata?.['reason'] ?? status.state);
  };

  /**
   * What is promised: a message that cannot be run again takes one process with it, one that can takes as many as it has
   * attempts, and no more. Their neighbours are lost as often as they stood beside it: those that cannot be run again fail, the
   * others go on, and fail only when they have lost as many processes as they have attempts. What ran elsewhere ends as ever.
   */
  it.each(POISONS)(
    '$text in $agent takes as many as it may and fails; what ran elsewhere does not notice',
    async (poison) => {
      const lost = poison.agent === 'lab' ? 1 : MAX_ATTEMPTS;
      const [plain, resumable, ...elsewhere] = await Promise.all([
        siblings('lab', 0),
        siblings('lab-resumable', 0),
        ...Array.from({ length: REPLICAS - 1 }, (_, index) => siblings('lab', index + 1)),
      ]);
      await witness.underWay(UNDER_WAY);
      let over = false;
      const begun = performance.now();
      const watching = orchestrate(() => over);
      const outcome = await outcomeOf(poison);
      const took = Math.round(performance.now() - begun);
      await witness.done(LIMIT_MS / 2);
      over = true;

      const dead = await watching;
      expect(outcome).toBe(poison.agent === 'lab' ? 'RUN_LOST' : 'TOO_MANY_ATTEMPTS');
      expect(dead).toHaveLength(lost);
      const { completed, failed } = await witness.verify();
      for (const task of plain) expect(await stateOf(task)).toBe('RUN_LOST');
      const goneOn = lost < MAX_ATTEMPTS ? ['TASK_STATE_COMPLETED'] : ['TASK_STATE_COMPLETED', 'TOO_MANY_ATTEMPTS'];
      for (const task of resumable) expect(goneOn).toContain(await stateOf(task));
      for (const [index, tasks] of elsewhere.entries()) {
        if (dead.includes(index + 1)) continue;
        for (const task of tasks) expect(await stateOf(task)).toBe('TASK_STATE_COMPLETED');
      }
      figures(
        `${poison.text} in ${poison.agent}: ${String(outcome)} after ${took} ms and ${lost} processes of ${REPLICAS}; ` +
          `of ${witness.tasks.length} neighbours ${completed} completed, failed ${JSON.stringify(failed)}`,
      );
    },
    LIMIT_MS,
  );
});
