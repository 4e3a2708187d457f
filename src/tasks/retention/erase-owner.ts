import type { AdminStore, AdminTaskFilter } from '../admin/admin-store.interface.js';
import type { AdminTaskRow } from '../admin/admin-rows.js';
import type { TaskStore } from '../task-store.interface.js';
import type { LegalHoldStore } from './legal-hold-store.interface.js';

/** Rows of one page, and tasks that are deleted at a time: other callers need the storage too. */
const [PAGE, AT_ONCE] = [200, 4];

/** Whose data is erased. */
export interface ErasureRequest {
  readonly owner: string;
  /** Only in this tenant. Default: in all. */
  readonly tenant?: string;
  /** Called after each page, with what is deleted so far. */
  readonly onProgress?: (erased: ErasureCounts) => void;
  /** Ends the erasure between two tasks: what is deleted stays deleted. */
  readonly signal?: AbortSignal;
}

/** What was deleted. */
export interface ErasureCounts {
  readonly tasks: number;
  readonly events: number;
  /** Bytes of the events. */
  readonly bytes: number;
  readonly webhooks: number;
}

/** What was deleted, and what a second look found. */
export interface ErasureReport extends ErasureCounts {
  /** Tasks that the storage still had afterwards: those that the owner created meanwhile. At most 200 are counted. */
  readonly remaining: number;
}

/** The owner is under a legal hold, so nothing is erased. */
export class LegalHoldError extends Error {
  override readonly name = 'LegalHoldError';
}

/** The stores that an erasure needs. They are of one storage. */
export interface ErasureStores {
  readonly admin: Pick<AdminStore, 'tasks'>;
  readonly tasks: Pick<TaskStore, 'delete'>;
  readonly holds: Pick<LegalHoldStore, 'find'>;
}

/**
 * Deletes all tasks of an owner with everything that belongs to them: events, messages and their ids, snapshots, webhooks and what is
 * owed to them. A task that runs is deleted under its run, which then ends. Refuse the owner's calls before, else new tasks remain.
 *
 * @throws LegalHoldError; A2AError UNAVAILABLE; the reason of `signal`. Call it again: it continues.
 */
export async function eraseOwner(stores: ErasureStores, request: ErasureRequest): Promise<ErasureReport> {
  const { owner, tenant, signal, onProgress } = request;
  const hold = await stores.holds.find(owner);
  if (hold) throw new LegalHoldError(`The owner has been under a legal hold since ${hold.since}. Lift it first.`);
  const filter: AdminTaskFilter = { owner, ...(tenant !== undefined && { tenant }) };
  const erased = { tasks: 0, events: 0, bytes: 0, webhooks: 0 };
  let cursor: string | undefined;
  do {
    const page = await stores.admin.tasks(filter, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const left = [...page.rows];
    const work = async (): Promise<void> => {
      for (let row = left.shift(); row; row = left.shift()) {
        signal?.throwIfAborted();
        if (await stores.tasks.delete(callerOf(row), row.id)) count(erased, row);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    onProgress?.({ ...erased });
    cursor = page.next;
  } while (cursor !== undefined);
  const { rows } = await stores.admin.tasks(filter, { limit: PAGE });
  return { ...erased, remaining: rows.length };
}

/** The scope of the task, as the store asks for it. */
const callerOf = ({ owner, tenant, agent }: AdminTaskRow) => ({
  owner,
  tenant,
  agent,
  protocolVersion: '1.0' as const,
  requestedExtensions: [],
});

function count(erased: { -readonly [Name in keyof ErasureCounts]: number }, row: AdminTaskRow): void {
  erased.tasks++;
  erased.events += row.lastSeq;
  erased.bytes += row.bytes;
  erased.webhooks += row.webhooks;
}
