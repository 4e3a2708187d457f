import { afterAll, beforeAll } from '@jest/globals';
import type { EventBus, TaskWake } from '../../../events/event-bus.interface.js';
import { newId } from '../../../protocol/ids.js';
import { pause } from '../fixtures.js';

/** Processes that share a bus. */
export interface BusCluster {
  /** The bus as one more process has it. In a cluster of one process it is the same for all. */
  join(): Promise<EventBus>;
  /** Called when all members hear each other. */
  met?(): void;
  /** Closes what `join` did not give, too. */
  close(): Promise<void>;
}

/** Opens the buses that the suite tests. */
export type OpenCluster = () => Promise<BusCluster>;

const MEMBERS = 3;

/** What a member has heard. */
export class Hearer {
  readonly heads = new Map<string, TaskWake>();
  calls = 0;
  gaps = 0;
  lines = 0;

  constructor(readonly bus: EventBus) {
    bus.onWake((heads) => {
      this.calls += 1;
      for (const head of heads) {
        const known = this.heads.get(head.taskId);
        if (!known || known.seq <= head.seq) this.heads.set(head.taskId, head);
      }
    });
    bus.onGap(() => (this.gaps += 1));
    bus.onQueueWake(() => (this.lines += 1));
  }

  seqOf(taskId: string): number {
    return this.heads.get(taskId)?.seq ?? 0;
  }
}

/** Members that hear each other. They are opened once a suite. */
export function meetForSuite(open: OpenCluster): () => readonly EventBus[] {
  let cluster: BusCluster | undefined;
  let members: EventBus[] = [];
  beforeAll(async () => {
    cluster = await open();
    for (let i = 0; i < MEMBERS; i++) members.push(await cluster.join());
    await acquainted(members);
    cluster.met?.();
  });
  afterAll(async () => {
    for (const member of members) await member.close();
    members = [];
    await cluster?.close();
  });
  return () => members;
}

/** Until each member hears each other one: at its beginning a bus may lose everything. */
export async function acquainted(members: readonly EventBus[]): Promise<void> {
  const hearers = members.map((bus) => new Hearer(bus));
  const tasks = members.map(() => newId());
  for (;;) {
    members.forEach((bus, index) => bus.wake([{ taskId: tasks[index] ?? '', seq: 1 }]));
    await pause(10);
    const all = hearers.every((hearer, index) => tasks.every((task, i) => i === index || hearer.seqOf(task) === 1));
    if (all) return;
  }
}
