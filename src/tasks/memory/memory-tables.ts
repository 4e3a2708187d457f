import type { LegalHold } from '../retention/legal-hold-store.interface.js';
import { Subject } from 'rxjs';
import { steadyNow } from '../../common/steady-now.js';
import { resourceExhausted } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { sameScope, type TaskScope } from '../../security/call-context.js';
import type { KnownMessage } from '../core/message-rules.js';
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_TASKS, type MemoryStoresOptions, ROW_COST } from './memory-stores.options.js';
import { OwnerHoldings } from './owner-holdings.js';
import type { OutboxQueue } from './outbox-queue.js';
import { OwingLanes } from './owing-lanes.js';
import { configCost } from './push-queues.js';
import type { MemoryRow } from './memory-row.js';
import { RunQueue } from './run-queue.js';

interface SentMessage extends KnownMessage {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** A message whose task was deleted and whose id is still known. */
interface Orphan {
  readonly scope: TaskScope;
  readonly messageId: string;
  readonly sentAt: number;
}

/** The tasks of one owner in one tenant with one agent. */
interface ScopeTables {
  readonly rows: Set<MemoryRow>;
  readonly messages: Map<string, SentMessage>;
}

/**
 * The rows that the memory stores share, with their indexes and the limits for all of them. JavaScript runs one method at a time,
 * so a synchronous method of a store is a transaction.
 */
export class MemoryTables {
  /** Tasks with a run owner. */
  readonly running = new Set<MemoryRow>();
  /** Queued tasks. */
  readonly waiting = new RunQueue();
  /** Tasks with waiting messages. */
  readonly addressed = new Set<MemoryRow>();
  /** Ended tasks, in the order of their end. */
  readonly ended = new Set<MemoryRow>();
  /** Messages that outlive their tasks; these are deleted last. */
  readonly orphans = new Set<Orphan>();
  /** Legal holds, by owner. */
  readonly holds = new Map<string, LegalHold>();
  /** Queues that owe something. */
  readonly owing = new OwingLanes();
  /** The queue of each outbox entry, by id. */
  readonly entries = new Map<string, OutboxQueue>();
  /** Emits after a commit that wrote outbox entries. */
  readonly owed = new Subject<void>();

  readonly #rows = new Map<string, MemoryRow>();
  readonly #scopes = new Map<string, ScopeTables>();
  readonly #maxTasks: number;
  readonly #maxBytes: number;
  #held = 0;
  #id = 0;
  readonly #owners = new OwnerHoldings();

  constructor(readonly options: MemoryStoresOptions = {}) {
    this.#maxTasks = options.maxTasks ?? DEFAULT_MAX_TASKS;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** Estimated bytes of all rows. */
  get held(): number {
    return this.#held;
  }

  /** Without a scope a task of any owner: only for code that no client can reach. */
  find(taskId: string, scope?: TaskScope): MemoryRow | undefined {
    const row = this.#rows.get(taskId);
    return row && (!scope || sameScope(row, scope)) ? row : undefined;
  }

  row(scope: TaskScope, taskId: string): MemoryRow | undefined {
    return this.find(taskId, scope);
  }

  all(): Iterable<MemoryRow> {
    return this.#rows.values();
  }

  rowsOf(scope: TaskScope): Iterable<MemoryRow> {
    return this.#scopes.get(keyOf(scope))?.rows ?? [];
  }

  message(scope: TaskScope, messageId: string): SentMessage | undefined {
    return this.#scopes.get(keyOf(scope))?.messages.get(messageId);
  }

  addMessage(row: MemoryRow, messageId: string, digest: string): void {
    this.#scopes.get(keyOf(row))?.messages.set(messageId, { taskId: row.taskId, digest, sentAt: steadyNow() });
    row.messageIds.push(messageId);
  }

  dropMessage(row: MemoryRow, messageId: string): void {
    this.#scopes.get(keyOf(row))?.messages.delete(messageId);
    row.messageIds.splice(row.messageIds.indexOf(messageId), 1);
  }

  insert(row: MemoryRow): void {
    const key = keyOf(row);
    let scope = this.#scopes.get(key);
    if (!scope) this.#scopes.set(key, (scope = { rows: new Set(), messages: new Map() }));
    scope.rows.add(row);
    this.#rows.set(row.taskId, row);
    this.#held += row.held;
    this.#owners.add(row.owner, row.held, 1);
    this.reindex(row);
  }

  delete(row: MemoryRow): void {
    const key = keyOf(row);
    const scope = this.#scopes.get(key);
    for (const messageId of row.messageIds) scope?.messages.delete(messageId);
    scope?.rows.delete(row);
    this.#dropEmpty(key);
    for (const queue of row.webhooks) this.dropQueue(queue);
    this.#rows.delete(row.taskId);
    this.#held -= row.held;
    this.#owners.setEnded(row, false);
    this.#owners.add(row.owner, -row.held, -1);
    for (const index of [this.running, this.waiting, this.addressed, this.ended]) index.delete(row);
  }

  /** Deletes a row, but keeps the ids of its messages. */
  expire(row: MemoryRow): void {
    for (const messageId of row.messageIds.splice(0)) {
      const sentAt = this.message(row, messageId)?.sentAt;
      if (sentAt === undefined) continue;
      const { owner, tenant, agent } = row;
      this.orphans.add({ scope: { owner, tenant, agent }, messageId, sentAt });
      this.#held += ROW_COST.message;
    }
    this.delete(row);
  }

  dropOrphan(orphan: Orphan): void {
    const key = keyOf(orphan.scope);
    this.orphans.delete(orphan);
    this.#scopes.get(key)?.messages.delete(orphan.messageId);
    this.#dropEmpty(key);
    this.#held -= ROW_COST.message;
  }

  #dropEmpty(key: string): void {
    const scope = this.#scopes.get(key);
    if (scope && scope.rows.size + scope.messages.size === 0) this.#scopes.delete(key);
  }

  /** Call after a change of state or run owner. */
  reindex(row: MemoryRow): void {
    const ended = isTerminal(row.state);
    put(this.ended, row, ended);
    this.#owners.setEnded(row, ended);
    put(this.running, row, !ended && row.runOwner !== undefined);
    if (row.notBefore !== row.place?.notBefore) this.waiting.put(row);
  }

  /** Call after a change of an inbox. */
  readdress(row: MemoryRow): void {
    put(this.addressed, row, row.inbox.length > 0);
  }

  /** Adds to (or subtracts from) the bytes that a row holds. */
  charge(row: MemoryRow, bytes: number): void {
    row.held += bytes;
    this.#held += bytes;
    this.#owners.add(row.owner, bytes);
  }

  /** Deletes ended tasks until the owner's request fits. False: not enough can be freed. */
  evictFor(owner: string, bytes: number, tasks = 0): boolean {
    if (bytes > this.#maxBytes) return false;
    for (;;) {
      const tooLarge = this.#held + bytes > this.#maxBytes;
      if (!tooLarge && this.#rows.size + tasks <= this.#maxTasks) return true;
      const next = tooLarge
        ? this.#owners.next(owner, 'bytes', this.#maxBytes)
        : this.#owners.next(owner, 'tasks', this.#maxTasks);
      const [orphan] = this.orphans;
      if (next) this.delete(next);
      else if (orphan && tooLarge) this.dropOrphan(orphan);
      else return false;
    }
  }

  exhausted(): Error {
    return resourceExhausted(
      `This server keeps its tasks in memory, and its limit of ${this.#maxTasks} tasks or ${this.#maxBytes} bytes is reached ` +
        'while no task has ended that it could forget, or only tasks of callers who hold less than you. Try again later.',
      5,
    );
  }

  nextId(): string {
    return String(++this.#id);
  }

  /** Deletes a queue with its config and its deliveries. */
  dropQueue(queue: OutboxQueue): void {
    this.owing.delete(queue);
    this.charge(queue.row, -configCost(queue.config));
    for (const { id, event } of [...queue.owed.splice(0), ...queue.dead.splice(0).map(({ entry }) => entry)]) {
      this.entries.delete(id);
      this.charge(queue.row, -event.bytes - ROW_COST.delivery);
    }
  }
}

/** Not joined by a separator alone: an owner may contain any character. */
const keyOf = ({ owner, tenant, agent }: TaskScope): string =>
  `${owner.length} ${owner} ${tenant.length} ${tenant} ${agent}`;

function put(index: Set<MemoryRow>, row: MemoryRow, belongs: boolean): void {
  if (belongs) index.add(row);
  else index.delete(row);
}
