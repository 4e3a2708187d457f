import type { Decide, TaskPatch } from '../core/decision.js';
import type { TaskFilter } from '../core/task-filter.js';
import { type FactName, NO_FACTS } from '../core/task-row.js';
import type { RunQueue, TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type StartedTurn, startedTurn } from '../turn-request.js';
import { decodeEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisReplicaRegistry } from './redis-replica-registry.js';
import { RedisRunQueue } from './redis-run-queue.js';
import { APPLY_PATCH, STARTED_TURN, DECISIVE, FIND, READ_ROW } from './scripts/task-rows.scripts.js';
import { untilApplied } from './until-applied.js';
import { type RowReply, rowOf, scopeKey, toHead, toRow } from './task-row.js';

type ReadReply = [hasMessage: string, ownerAlive: string, row: RowReply];

const NO_LIMIT = 2 ** 31 - 1;

/** Rows of tasks in Redis, which has no locks: a patch is applied only if the facts that it was decided on have not changed. */
export class RedisTaskRows implements TaskRows {
  readonly replicas: RedisReplicaRegistry;
  readonly queue: RunQueue;

  constructor(
    private readonly connection: RedisConnection,
    renewals: RedisConnection,
    readonly leases?: LeaseSource,
  ) {
    this.replicas = new RedisReplicaRegistry(connection, renewals);
    this.queue = new RedisRunQueue(connection, this);
  }

  async change<T>({ taskId, scope }: TaskRef, facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    const { result } = await untilApplied(async () => {
      const read = await this.connection.run<ReadReply | null>(READ_ROW, taskId, scope ? scopeKey(scope) : '');
      const known = read ? { hasMessage: read[0] === '1', ownerAlive: read[1] === '1' } : NO_FACTS;
      const decision = decide(read ? toRow(read[2]) : undefined, known);
      if (!read || !decision.patch) return { result: decision.result as T };
      const after = await this.connection.run<RowReply | null>(
        APPLY_PATCH,
        ...patchValues(read, facts, decision.patch),
      );
      return after ? { result: decision.result(toRow(after)) } : undefined;
    });
    return result;
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    const { agents = [], without = [], after = '', limit = NO_LIMIT } = filter;
    const rows = await this.connection.run<RowReply[]>(
      FIND,
      ...[...indexOf(filter), limit, after],
      ...[agents.length, ...agents, ...without],
    );
    return rows.map(toHead);
  }

  async startedTurn(run: RunRef): Promise<StartedTurn | undefined> {
    const values = [run.taskId, scopeKey(run), run.fence];
    const reply = await this.connection.run<[string, string] | null>(STARTED_TURN, ...values);
    if (!reply) return undefined;
    const { data, inbound, request } = decodeEntry(reply[1]);
    return startedTurn({ data, inbound: inbound ?? undefined, request: request ?? undefined }, Number(reply[0]));
  }
}

function patchValues(
  [hasMessage, ownerAlive, reply]: ReadReply,
  facts: readonly FactName[],
  { runOwner, queue, requestCancel, ...counters }: TaskPatch,
): (string | number)[] {
  const row = rowOf(reply);
  return [
    row.id,
    facts.includes('hasMessage') ? hasMessage : '',
    facts.includes('ownerAlive') ? ownerAlive : '',
    queue === undefined ? '' : queue === null ? '-' : queue === 'created' ? 'made' : queue.inMs,
    requestCancel ? 1 : 0,
    runOwner === undefined ? '' : (runOwner ?? '-'),
    ...DECISIVE.map((field) => row[field]),
    ...Object.entries(counters).flat(),
  ];
}

/** The index for a filter, and its argument. */
function indexOf({ runBy, hasMessage, cancelRequested, unchangedForMs = 0 }: TaskFilter): [string, string | number] {
  if (runBy === 'lost replica') return ['lost', ''];
  if (runBy === 'nobody') return hasMessage ? ['message', ''] : ['forgotten', unchangedForMs];
  if (runBy) return [cancelRequested ? 'canceled' : 'replica', runBy.replica];
  throw new Error('Redis has no index for such tasks.');
}
