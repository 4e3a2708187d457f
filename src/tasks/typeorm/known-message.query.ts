import type { KnownMessage } from '../core/message-rules.js';
import type { TaskScope } from '../../security/call-context.js';
import type { Query } from './database.js';

const KNOWN_MESSAGE = `
select task_id, digest from a2a_message where tenant = $1 and owner = $2 and agent = $3 and message_id = $4`;

/** `db`: the database, or the query function of a transaction. */
export async function knownMessage(
  { query }: { query: Query },
  { tenant, owner, agent }: TaskScope,
  messageId: string,
): Promise<KnownMessage | undefined> {
  const [row] = await query<{ task_id: string; digest: string }>(KNOWN_MESSAGE, [tenant, owner, agent, messageId]);
  return row && { taskId: row.task_id, digest: row.digest };
}
