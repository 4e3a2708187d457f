import type { CallContext } from '../../security/call-context.js';
import { placeInMs } from '../hand-back.js';
import type {
  ClaimedRun,
  RequeueOptions,
  RequeueResult,
  ReleaseResult,
  Replica,
  RunStore,
  WaitingWanted,
} from '../run-store.interface.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { decodeEntry } from './log-entry.js';
import type { RedisConnection, Script } from './redis-connection.js';
import * as scripts from './scripts/run.scripts.js';
import { CLAIM_WAITING, COUNT_WAITING } from './scripts/run-queue.scripts.js';
import { ALL_LINES, ownerLine } from './scripts/rows.lua.js';
import { type RowReply, scopeKey, toClaim, toHead } from './task-row.js';

const NO_LIMIT = 2 ** 31 - 1;
/** Tasks that one script takes. */
const MAX_TAKEN = 1_000;

const runValues = (run: RunRef): (string | number)[] => [run.taskId, scopeKey(run), run.fence];

/** Who runs which task. `renewals` is a connection of its own: what others read must not keep a renewal waiting. */
export class RedisRunStore implements RunStore {
  constructor(
    private readonly connection: RedisConnection,
    private readonly renewals: RedisConnection,
    readonly leases?: LeaseSource,
  ) {}

  clock(): Promise<number> {
    return this.connection.run<number>(scripts.CLOCK);
  }

  async registerReplica(replicaId: string, leaseMs: number): Promise<void> {
    await this.renewals.run(scripts.REGISTER, replicaId, leaseMs);
  }

  async renewReplica(replicaId: string, leaseMs: number): Promise<boolean> {
    return (await this.renewals.run<number>(scripts.RENEW, replicaId, leaseMs)) === 1;
  }

  async removeReplica(replicaId: string): Promise<void> {
    await this.renewals.run(scripts.REMOVE_REPLICA, replicaId);
  }

  async replicas(): Promise<Replica[]> {
    const rows = await this.connection.run<[string, string, string, string][]>(scripts.REPLICAS);
    return rows.map(([id, mark, leaseMs, ageMs]) => ({
      ...{ id, mark },
      leaseMs: leaseMs === '' ? undefined : Number(leaseMs),
      ageMs: Number(ageMs),
    }));
  }

  async expireReplica(replicaId: string, mark: string): Promise<boolean> {
    return (await this.connection.run<number>(scripts.EXPIRE_REPLICA, replicaId, mark)) === 1;
  }

  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#claim(scripts.CLAIM_TURN, taskId, scopeKey(context), replicaId);
  }

  async enqueueTurn(context: CallContext, taskId: string): Promise<boolean> {
    return (await this.connection.run<number>(scripts.ENQUEUE_TURN, taskId, scopeKey(context))) === 1;
  }

  async nextTurn(run: RunRef, from: number): Promise<boolean> {
    return (await this.connection.run<number>(scripts.NEXT_TURN, ...runValues(run), from)) === 1;
  }

  release(run: RunRef): Promise<ReleaseResult> {
    return this.connection.run<ReleaseResult>(scripts.RELEASE, ...runValues(run));
  }

  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult> {
    const values = [placeInMs(options) ?? '', options.failed ? 1 : 0];
    return this.connection.run<RequeueResult>(scripts.HAND_BACK, ...runValues(run), ...values);
  }

  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#claim(scripts.TAKEOVER, taskId, replicaId);
  }

  forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#claim(scripts.SEIZE, taskId, scopeKey(context), replicaId);
  }

  async requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    const row = await this.connection.run<RowReply | null>(scripts.REQUEST_CANCEL, taskId, scopeKey(context));
    return row ? toHead(row) : undefined;
  }

  cancelRequests(replicaId: string): Promise<string[]> {
    return this.connection.run<string[]>(scripts.CANCEL_REQUESTS, replicaId);
  }

  orphanedRuns(limit: number, agents: readonly string[], after = ''): Promise<TaskRecord[]> {
    return this.#heads(scripts.ORPHANS, limit, after, ...agents);
  }

  unstartedRuns(replicaId: string, running: readonly string[], limit: number, after = ''): Promise<TaskRecord[]> {
    return this.#heads(scripts.STRAYS, replicaId, limit, after, ...running);
  }

  reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined> {
    return this.#claim(scripts.RETAKE, ...runValues(run), from, to, started ? 1 : 0);
  }

  tasksWithPendingMessages(limit: number, agents: readonly string[], after = ''): Promise<TaskRecord[]> {
    return this.#heads(scripts.UNANSWERED, limit, after, ...agents);
  }

  forgotten(limit: number, agents: readonly string[], forMs: number, after = ''): Promise<TaskRecord[]> {
    return this.#heads(scripts.FORGOTTEN, limit, after, forMs, ...agents);
  }

  adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#claim(scripts.ADOPT, ...runValues(run), replicaId);
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    const reply = await this.connection.run<[string, string] | null>(scripts.BEGUN_TURN, ...runValues(run));
    if (!reply) return undefined;
    const { data, inbound, request } = decodeEntry(reply[1]);
    return begunTurn({ data, inbound: inbound ?? undefined, request: request ?? undefined }, Number(reply[0]));
  }

  async claimWaiting(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const { limit, agents, running = [], maxPerTenant = NO_LIMIT, maxPerOwner = NO_LIMIT } = wanted;
    const rows = await this.connection.run<RowReply[]>(
      CLAIM_WAITING,
      ...[replicaId, Math.min(limit, MAX_TAKEN), Math.min(maxPerTenant, NO_LIMIT), Math.min(maxPerOwner, NO_LIMIT)],
      agents.size,
      ...[...agents].flatMap(([agent, room]) => [agent, Math.min(room, NO_LIMIT)]),
      ...running.flatMap(({ owner, tenant, runs }) => [owner, tenant, runs]),
    );
    return rows.map(toClaim);
  }

  async countWaiting(limit: number, owner?: string): Promise<number> {
    const line = owner === undefined ? ALL_LINES : ownerLine(owner);
    return Math.min(limit, await this.connection.run<number>(COUNT_WAITING, line));
  }

  async #claim(script: Script, ...values: (string | number)[]): Promise<ClaimedRun | undefined> {
    const row = await this.connection.run<RowReply | null>(script, ...values);
    return row ? toClaim(row) : undefined;
  }

  async #heads(script: Script, ...values: (string | number)[]): Promise<TaskRecord[]> {
    return (await this.connection.run<RowReply[]>(script, ...values)).map(toHead);
  }
}
