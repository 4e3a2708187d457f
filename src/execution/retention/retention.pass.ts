import { Injectable, Inject } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { TaskState } from '../../protocol/model/index.js';
import { RETENTION_OPTIONS, type CheckedRetention } from '../../tasks/retention/retention.options.js';
import {
  completePolicy,
  ENDED_STATES,
  isForEver,
  type RetainedStates,
} from '../../tasks/retention/retention.policy.js';
import type { TaskRecord } from '../../tasks/task-record.js';
import { TASK_STORE, type TaskStore } from '../../tasks/task-store.interface.js';
import { StatusWriter } from '../runs/status.writer.js';
import { expired } from '../runs/turn-outcome.js';
import { Batches } from './batches.js';

const WAITING: readonly TaskState[] = ['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED'];

/** What a pass did. */
export interface RetentionCounts {
  readonly expired: number;
  readonly deleted: number;
  readonly trimmed: number;
}

/** Scans the tasks of one agent: ends those whose client never answered, deletes old ones, trims logs. */
@Injectable()
export class RetentionPass {
  readonly #batches = new Batches();

  constructor(
    @Inject(TASK_STORE) private readonly store: Pick<TaskStore, 'deleteEnded' | 'trimEnded' | 'expiredInputRequired'>,
    private readonly status: StatusWriter,
    @Inject(RETENTION_OPTIONS) private readonly options: CheckedRetention,
  ) {}

  /** Runs until nothing is left or the signal aborts. Throws UNAVAILABLE while the storage is unavailable. */
  async run({ id: agent, options }: RegisteredAgent, signal: AbortSignal): Promise<RetentionCounts> {
    const { retainMs, trimAfterMs, waitForClientMs } = completePolicy(options.retention, this.options.policy);
    const counts = { expired: 0, deleted: 0, trimmed: 0 };
    const each = async (forMs: number, work: (limit: number) => Promise<number>): Promise<number> =>
      isForEver(forMs) ? 0 : this.#batches.run(work, signal);
    for (const state of WAITING) {
      const which = { agent, state, forMs: waitForClientMs };
      counts.expired += await each(waitForClientMs, (limit) => this.#expire(which, limit));
    }
    for (const [name, state] of Object.entries(ENDED_STATES)) {
      const forMs = retainMs[name as keyof RetainedStates];
      counts.deleted += await each(forMs, (limit) => this.store.deleteEnded({ agent, state, forMs }, limit));
      // Do not trim tasks that are about to be deleted.
      if (trimAfterMs >= forMs) continue;
      const old = { agent, state, forMs: trimAfterMs };
      counts.trimmed += await each(trimAfterMs, (limit) => this.store.trimEnded(old, limit));
    }
    return counts;
  }

  /** Skips tasks that are answered in the meantime, and does not read them again in this pass. */
  async #expire(which: Parameters<TaskStore['expiredInputRequired']>[0], limit: number): Promise<number> {
    const heads = await this.store.expiredInputRequired(which, limit);
    let ended = 0;
    for (const head of heads) if (await this.status.end(claimOf(head), expired())) ended++;
    return ended;
  }
}

/** The row as it is, without a claim: a run that begins meanwhile has another fence and is not disturbed. */
function claimOf(head: TaskRecord) {
  const { taskId, contextId, owner, tenant, agent, fence, lastSeq, bytes } = head;
  return { run: { taskId, contextId, owner, tenant, agent, fence }, lastSeq, bytes };
}
