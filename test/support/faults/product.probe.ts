import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { SafeLogger } from '../../../src/common/safe-logger.js';
import { isTerminal, TASK_STATES } from '../../../src/protocol/state/task-state.js';
import type { CallContext } from '../../../src/security/call-context.js';
import type { A2aStorage } from '../../../src/storage/a2a-storage.interface.js';
import type { AdminTaskRow } from '../../../src/tasks/admin/admin-rows.js';
import type { AdminPage, AdminTaskFilter } from '../../../src/tasks/admin/admin-store.interface.js';
import { operatorStores } from '../../../src/tasks/operator-stores.js';
import type { OpenStores } from '../../../src/tasks/stores.js';
import { until } from '../../../src/testing/contracts/until.js';
import type { AnswerLoss } from './answer-loss.js';

const CONTEXT: CallContext = {
  owner: 'anonymous',
  tenant: '',
  agent: 'test',
  protocolVersion: '1.0',
  requestedExtensions: [],
};
/** Longer than a webhook's delivery is hidden from others when the answer to its taking was lost. */
const SETTLED_MS = 60_000;
const OPEN_STATES = TASK_STATES.filter((state) => !isTerminal(state));
const NOTHING = { tasks: [], deliveries: [], kept: [] };

/** Looks into a storage over connections that are never lost. */
export class ProductProbe {
  readonly context = CONTEXT;

  private constructor(
    private readonly storage: OpenStores,
    private readonly loss: AnswerLoss,
  ) {}

  static open(storage: A2aStorage, loss: AnswerLoss): Promise<ProductProbe> {
    return loss.without(async () => {
      const open = await storage.open({ logger: new SafeLogger('Probe') });
      return new ProductProbe(operatorStores(storage.name, open, 'test another one'), loss);
    });
  }

  close(): Promise<void> {
    return this.ask((storage) => storage.close());
  }

  ask<T>(question: (storage: OpenStores) => Promise<T>): Promise<T> {
    return this.loss.without(() => question(this.storage));
  }

  /** Until nothing of the round is under way. Fails when it still is after a minute. */
  async untilSettled(): Promise<void> {
    for (const until = performance.now() + SETTLED_MS; ; await sleep(50)) {
      const left = await this.#unsettled();
      if (Object.values(left).every((ids) => ids.length === 0)) return;
      if (performance.now() > until) expect(left).toEqual(NOTHING);
    }
  }

  /** Until nobody runs the task: its answer comes a moment before its run gives it up. */
  async untilReleased(taskId: string): Promise<void> {
    await until(async () => (await this.task(taskId))?.runOwner === undefined);
  }

  task(taskId: string): Promise<AdminTaskRow | undefined> {
    return this.ask(({ admin }) => admin.task(taskId));
  }

  /** The ids of the artifacts in the log, an id for each event. Fails if the log has a gap or another end than its task. */
  async artifacts({ id, lastSeq }: AdminTaskRow): Promise<string[]> {
    const context = { ...CONTEXT, agent: 'test' };
    const ids: string[] = [];
    for (let seq = 0; seq < lastSeq;) {
      const page = await this.ask(({ tasks }) => tasks.eventsAfter(context, id, seq));
      const events = page?.events ?? [];
      expect([id, events.map((event) => event.seq)]).toEqual([id, events.map((_, index) => seq + index + 1)]);
      expect([id, seq, page?.lastSeq, events.length > 0]).toEqual([id, seq, lastSeq, true]);
      for (const { event } of events) if ('artifactUpdate' in event) ids.push(event.artifactUpdate.artifact.artifactId);
      seq += events.length;
    }
    return ids;
  }

  /** Webhooks of a task, and whether they are disabled. */
  async webhooks(taskId: string): Promise<[configId: string, disabled: boolean][]> {
    const { rows } = await this.ask(({ admin }) => admin.webhooks({ taskId }));
    return rows.map(({ configId, disabledAt }): [string, boolean] => [configId, disabledAt !== undefined]).sort();
  }

  /** Deletes all tasks. */
  async clear(): Promise<void> {
    for (const { id, agent } of await this.#tasks({})) {
      await this.ask(({ tasks }) => tasks.delete({ ...CONTEXT, agent }, id));
    }
  }

  async #unsettled(): Promise<Record<keyof typeof NOTHING, string[]>> {
    const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
    return {
      tasks: ids(await this.#tasks({ states: OPEN_STATES })),
      deliveries: ids(await this.#all((cursor) => this.storage.admin.deliveries({ state: 'owed' }, { cursor }))),
      // Retention deletes them.
      kept: ids(await this.#tasks({ agent: 'brief' })),
    };
  }

  #tasks(filter: AdminTaskFilter): Promise<AdminTaskRow[]> {
    return this.#all((cursor) => this.storage.admin.tasks(filter, { cursor }));
  }

  async #all<Row>(page: (cursor?: string) => Promise<AdminPage<Row>>): Promise<Row[]> {
    const all: Row[] = [];
    for (let cursor: string | undefined; ;) {
      const { rows, next } = await this.loss.without(() => page(cursor));
      all.push(...rows);
      if (next === undefined) return all;
      cursor = next;
    }
  }
}
