import { lookupKey } from '../../common/lookup-key.js';
import type { TaskScope } from '../../security/call-context.js';
import type { TaskRow } from '../core/task-row.js';
import type { TaskRecord } from '../task-record.js';
import { fromStored } from '../task-states.js';
import { ROW_FIELDS } from './scripts/rows.lua.js';
import { withMembers } from '../../common/with-members.js';

/** A row as scripts return it: the id, then its fields in their order. */
export type RowReply = readonly string[];

type Row = Record<(typeof ROW_FIELDS)[number], string> & { readonly id: string };

/** Owner, tenant and agent as one string of 43 characters. Rows hold it, and so do the keys of what belongs to a scope. */
export const scopeKey = ({ owner, tenant, agent }: TaskScope): string => lookupKey(owner, tenant, agent);

/** As scopeKey, for owner and tenant. */
export const partyKey = ({ owner, tenant }: Pick<TaskScope, 'owner' | 'tenant'>): string => lookupKey(owner, tenant);

export function rowOf([id = '', ...values]: RowReply): Row {
  return { id, ...Object.fromEntries(ROW_FIELDS.map((field, index) => [field, values[index] ?? ''])) } as Row;
}

export function toHead(reply: RowReply): TaskRecord {
  const row = rowOf(reply);
  return {
    owner: row.owner,
    tenant: row.tenant,
    agent: row.agent,
    taskId: row.id,
    contextId: row.ctx,
    state: fromStored(row.state),
    statusAt: row.at,
    lastSeq: Number(row.seq),
    bytes: Number(row.bytes),
    ...(row.run !== '' && { runOwner: row.run }),
    fence: Number(row.fence),
    turn: Number(row.turn),
    attempt: Number(row.attempt),
    ...(row.cancel !== '' && { cancelRequestedAt: new Date(Number(row.cancel)).toISOString() }),
    trimmedSeq: Number(row.trim),
  };
}

/** The row as the rules see it. */
export function toRow(reply: RowReply): TaskRow {
  const { crashes, failures, waits } = rowOf(reply);
  return withMembers(toHead(reply), { crashes: Number(crashes), failures: Number(failures), queued: waits !== '' });
}
