import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized, spread } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const TASKS = sized(6, 20);
/** Long enough that none ends before the fault, however slow the machine is. */
const STREAM = { chunks: sized(400, 800), bytes: 64, delayMs: sized(50, 25) };
const UNDER_WAY = 5;
const LEASE_MS = 8_000;
/** Several leases. */
const BLOCKED_MS = 3 * LEASE_MS;
const STALL_MS = 3_000;
const LIMIT_MS = 240_000;
const SEND_NOW = { configuration: { returnImmediately: true } };

describe('a replica whose event loop is blocked', () => {
  let fleet: ReplicaFleet;
  let witness: Witness;
  afterEach(() => fleet.remove(), LIMIT_MS);

  async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    fleet = await ReplicaFleet.start({ replicas: 2, env: () => ({ A2A_LEASE_MS: String(LEASE_MS), ...env }) });
    witness = new Witness(fleet);
    const watch = (index: number) =>
      witness.watch({
        agent: index % 3 === 0 ? 'lab' : 'lab-resumable',
        stream: STREAM,
        at: 0,
        readers: [{ at: 1 }],
      });
    await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
    await witness.underWay(UNDER_WAY);
  }

  /** Gives the id of the task that does it. */
  async function tell(text: string): Promise<string> {
    const params = { message: textMessage(text), ...SEND_NOW };
    return (await fleet.at(0).lab().result<{ task: Task }>('SendMessage', params)).task.id;
  }

  const taskOf = (id: string): Promise<Task> => fleet.at(1).lab().result<Task>('GetTask', { id });

  it(
    `for ${BLOCKED_MS / LEASE_MS} leases loses neither its lease nor a run`,
    async () => {
      await start();
      const blocker = await tell(`block ${BLOCKED_MS}`);
      const begun = performance.now();
      await fleet.at(0).service.said('stood still for');
      const blockedMs = performance.now() - begun;
      await witness.done(LIMIT_MS / 2);
      while ((await taskOf(blocker)).status.state !== 'TASK_STATE_COMPLETED') await sleep(100);

      const verdict = await witness.verify();
      figures(
        `Event loop blocked for ${Math.round(blockedMs)} ms, lease of ${LEASE_MS} ms: ${verdict.events} events of ${TASKS} tasks, none taken over`,
      );
      expect(await witness.takeovers()).toEqual([]);
      expect(verdict).toMatchObject({ completed: TASKS, failed: {} });
      expect(fleet.at(0).service.log).not.toContain('The lease of this process is over');
      await witness.send('still there', { at: 0 });
    },
    LIMIT_MS,
  );

  it(
    'for good is taken over when it has been silent for the stall limit',
    async () => {
      await start({ A2A_STALL_MS: String(STALL_MS) });
      const blocker = await tell('loop');
      const begun = performance.now();
      await witness.done(LIMIT_MS / 2);
      while ((await taskOf(blocker)).status.state !== 'TASK_STATE_FAILED') await sleep(100);

      const takeovers = await witness.takeovers();
      figures(
        `Event loop blocked for good, stall limit ${STALL_MS} ms, lease of ${LEASE_MS} ms: taken over after ${spread(takeovers.map(({ at }) => at - begun))}`,
      );
      // It answers nobody any more.
      await fleet.at(0).service.kill('SIGKILL');
      const lost = Math.ceil(TASKS / 3);
      expect(takeovers).toHaveLength(TASKS);
      expect(await witness.verify()).toMatchObject({ completed: TASKS - lost, failed: { RUN_LOST: lost } });
      expect((await taskOf(blocker)).status.message?.metadata).toMatchObject({ reason: 'RUN_LOST' });
    },
    LIMIT_MS,
  );
});
