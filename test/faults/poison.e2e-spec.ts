import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { isTerminal } from '../../src/protocol/state/task-state.js';
import { figures, sized } from '../support/faults/figures.js';
import { type LabAgentId, ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';

const AGENTS = ['lab', 'lab-resumable'] as const;
const SIBLINGS = sized(4, 12);
const STREAM = { chunks: sized(60, 400), bytes: 64, delayMs: 20 };
const DEADLINE_MS = sized(8_000, 20_000);
const MAX_EVENT_BYTES = 10_000_000;
/** Of the task and of `working`, and some chunks. */
const UNDER_WAY = 10;
const LIMIT_MS = 180_000;

const POISONS: readonly (readonly [text: string, outcome: string])[] = [
  ['throw', 'AGENT_ERROR'],
  ['hang', 'DEADLINE'],
  [`big ${MAX_EVENT_BYTES}`, 'TASK_TOO_LARGE'],
  // With room for what is around the text.
  [`big ${MAX_EVENT_BYTES - 1_000}`, 'TASK_STATE_COMPLETED'],
  ['late', 'TASK_STATE_COMPLETED'],
];

describe('a poisonous message that its process survives', () => {
  let fleet: ReplicaFleet;
  beforeAll(async () => {
    const env = { A2A_DEADLINE_MS: String(DEADLINE_MS), A2A_MAX_EVENT_BYTES: String(MAX_EVENT_BYTES) };
    fleet = await ReplicaFleet.start({ replicas: 1, losesNone: true, env: () => env });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  async function send(text: string, agent: LabAgentId): Promise<string> {
    const params = { message: textMessage(text), configuration: { returnImmediately: true } };
    return (await fleet.at(0).lab(agent).result<{ task: Task }>('SendMessage', params)).task.id;
  }

  /** The state, or the reason of the failure. */
  async function outcomeOf(id: string, agent: LabAgentId): Promise<unknown> {
    for (;;) {
      const { status } = await fleet.at(0).lab(agent).result<Task>('GetTask', { id });
      if (isTerminal(status.state)) return status.message?.metadata?.['reason'] ?? status.state;
      await sleep(100);
    }
  }

  it(
    'ends for its reason, is not tried again, and leaves its neighbours and the end of a task alone',
    async () => {
      const witness = new Witness(fleet);
      const neighbours = Array.from({ length: 2 * SIBLINGS }, (_, index) =>
        witness.watch({ agent: AGENTS[index % 2]!, stream: STREAM, at: 0, loyal: true }),
      );
      await Promise.all(neighbours);
      await witness.underWay(UNDER_WAY);
      const given = POISONS.flatMap(([text, outcome]) => AGENTS.map((agent) => ({ text, outcome, agent })));
      const ids = await Promise.all(given.map(({ text, agent }) => send(text, agent)));
      const outcomes = await Promise.all(given.map(({ agent }, index) => outcomeOf(ids[index]!, agent)));
      await witness.done(LIMIT_MS / 2);

      figures(`${given.length} poisons beside ${2 * SIBLINGS} streams: ${outcomes.join(', ')}`);
      expect(outcomes).toEqual(given.map(({ outcome }) => outcome));
      expect(await witness.verify()).toMatchObject({ completed: 2 * SIBLINGS, failed: {}, reconnects: 0 });
      const rows = await fleet.query<{ attempt: number; last_seq: string; events: number }>(
        `select attempt, last_seq, (select count(*)::int from a2a_event e where e.task_id = t.task_id) as events
         from unnest($1::uuid[]) with ordinality i(task_id, n) join a2a_task t using (task_id) order by n`,
        [ids],
      );
      expect(rows.map(({ attempt }) => attempt)).toEqual(given.map(() => 1));
      // The task and its end: what `late` sent after it, while it ran and when it ran no more, is not stored.
      const late = rows.filter((_, index) => given[index]?.text === 'late');
      for (const { last_seq, events } of late)
        expect({ last_seq: Number(last_seq), events }).toEqual({ last_seq: 2, events: 2 });
    },
    LIMIT_MS,
  );
});
