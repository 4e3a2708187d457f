import { describe, expect, it } from '@jest/globals';
import type { EventBus } from '../../../events/event-bus.interface.js';
import { InMemoryQueueManager } from '../../../events/in-memory-queue-manager.js';
import { DefaultTaskCursors } from '../../../events/task-cursors.js';
import { CheckedReader } from '../../../events/testing/checked-reader.js';
import { readerContext, TaskFeeder } from '../../../events/testing/task-feeder.js';
import { openMemoryStores } from '../../../tasks/memory/open-stores.js';
import { pause } from '../fixtures.js';
import { meetForSuite, type OpenCluster } from './bus-cluster.js';

const NEVER_MS = 1_000_000;
const READERS = 3;
const STEPS = 40;
const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

/** Random numbers from 0 to below 1 that a seed repeats (Lehmer). */
function randomOf(seed: number): () => number {
  let state = (seed * 48_271) % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A task that is written on the first member, and readers of it on all of them. */
class Scene {
  readonly #queues: InMemoryQueueManager[];
  readonly #cursors: DefaultTaskCursors[];
  readonly readers: CheckedReader[];

  private constructor(
    private readonly members: readonly EventBus[],
    private readonly feeder: TaskFeeder,
    store: ReturnType<typeof openMemoryStores>['tasks'],
    pollMs: number,
    random: () => number,
  ) {
    this.#queues = members.map(() => new InMemoryQueueManager());
    this.#cursors = members.map(
      (bus, index) => new DefaultTaskCursors(store, this.#queues[index]!, bus, { pollMs, batchItems: 4 }),
    );
    const { taskId } = feeder;
    const endsAt = (): boolean => false;
    this.readers = this.#cursors.flatMap((cursors) =>
      Array.from({ length: READERS }, () => {
        const open = (afterSeq: number | undefined) =>
          cursors.open({ context: readerContext, taskId, afterSeq, endsAt });
        return new CheckedReader({ open, endsAt }, feeder, () => 0, random() < 0.5 ? undefined : 0);
      }),
    );
  }

  static async create(members: readonly EventBus[], pollMs: number, random: () => number): Promise<Scene> {
    const { tasks } = openMemoryStores();
    return new Scene(members, await TaskFeeder.create(tasks), tasks, pollMs, random);
  }

  async write(...parts: Parameters<TaskFeeder['append']>): Promise<void> {
    const events = await this.feeder.append(...parts);
    this.#queues[0]?.publish(this.feeder.taskId, events);
    this.members[0]?.wake([{ taskId: this.feeder.taskId, seq: this.feeder.log.length }]);
  }

  close(): void {
    for (const cursors of this.#cursors) cursors.close();
  }
}

/**
 * Every reader, wherever it reads, is cut at random and comes back, and has each event once and in order. `told`: the bus
 * loses nothing, so that this holds without polling.
 */
export function readers(open: OpenCluster, told: boolean): void {
  describe(told ? 'readers that never poll' : 'readers that poll', () => {
    const members = meetForSuite(open);

    it.each(SEEDS)('have each event exactly once, whenever they are cut (seed %d)', async (seed) => {
      const random = randomOf(seed);
      const scene = await Scene.create(members(), told ? NEVER_MS : 20, random);
      try {
        for (let step = 0; step < STEPS; step++) {
          const count = 1 + Math.floor(random() * 5);
          await scene.write(...Array.from({ length: count }, (_, index) => ({ text: `${step}.${index} ` })));
          for (const reader of scene.readers) {
            if (random() < 0.1) await reader.reconnect();
            reader.pull();
          }
          if (random() < 0.3) await pause(Math.floor(random() * 5));
        }
        await scene.write('TASK_STATE_COMPLETED');
        await Promise.all(scene.readers.map((reader) => reader.readToEnd()));
      } finally {
        scene.close();
      }
      expect(scene.readers).toHaveLength(READERS * members().length);
    });
  });
}
