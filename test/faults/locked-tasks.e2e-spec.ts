import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, sized } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const TASKS = sized(10, 20);
const STOPS = sized(2, 12);
/** Still under way when the follow-up is cut off, also on a slow machine. */
const STREAM = { chunks: sized(200, 600), bytes: 64, delayMs: sized(60, 20) };
const UNDER_WAY = 10;
/** Of a follow-up that is cut off, and what of it arrives. */
const [LARGE, PASSED] = [6_000_000, 1_000_000];
const LIMIT_MS = 240_000;

const quiet = (): undefined => undefined;

describe('a replica that may hold the locks of tasks that another one runs', () => {
  let fleet: ReplicaFleet;
  let witness: Witness;
  beforeEach(async () => {
    fleet = await ReplicaFleet.start({ replicas: 2, losesNone: true });
    witness = new Witness(fleet);
    await Promise.all(
      Array.from({ length: TASKS }, () => witness.watch({ agent: 'lab', stream: STREAM, at: 1, readers: [{ at: 1 }] })),
    );
    await witness.underWay(UNDER_WAY);
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  /** To the task of this number, at the replica that is to fail. */
  const followUp = (task: number, text: string): Promise<unknown> => {
    const message = textMessage(text, { taskId: witness.tasks[task % TASKS]?.id });
    const params = { message, configuration: { returnImmediately: true } };
    return fleet.at(0).lab().call('SendMessage', params, {}, AbortSignal.timeout(LIMIT_MS)).catch(quiet);
  };

  async function expectAllCompleted(what: string): Promise<void> {
    await witness.done(LIMIT_MS / 2);
    const verdict = await witness.verify();
    figures(`${what}: ${verdict.events} events of ${TASKS} streams, ${verdict.reconnects} reconnects`);
    expect(verdict.failed).toEqual({});
    expect(verdict.completed).toBe(TASKS);
  }

  it(
    'is cut off in the middle of a large follow-up: the streams of the other go on to their end',
    async () => {
      const { proxy } = fleet.at(0);
      proxy.silenceAfterSent(PASSED);
      const cutOff = followUp(0, 'x'.repeat(LARGE));
      while (proxy.silenced === 0) await sleep(10);
      await witness.done(LIMIT_MS / 2);
      proxy.speak({ cut: true });
      await cutOff;
      await expectAllCompleted('A follow-up was cut off');
    },
    LIMIT_MS,
  );

  it(
    'stands still again and again while it takes follow-ups: the streams of the other go on to their end meanwhile',
    async () => {
      const replica = fleet.at(0);
      const sent: Promise<unknown>[] = [];
      for (let stop = 0; stop < STOPS; stop++) {
        sent.push(...Array.from({ length: TASKS }, (_, task) => followUp(task, `echo ${stop}`)));
        await sleep(Math.random() * 50);
        replica.stop();
        await sleep(500);
        if (stop < STOPS - 1) replica.goOn();
      }
      await witness.done(LIMIT_MS / 2);
      replica.goOn();
      await Promise.all(sent);
      await expectAllCompleted(`A replica stood still ${STOPS} times`);
    },
    LIMIT_MS,
  );
});
