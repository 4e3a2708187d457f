import type { AdminPage, AdminPageQuery } from '../../../tasks/admin/admin-store.interface.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import type { Writer } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { due, seqs } from '../outbox/support.js';

/** The rows of all pages. A page may be short and still have a next one. */
export async function allPages<Row>(read: (page: AdminPageQuery) => Promise<AdminPage<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor === undefined ? {} : { cursor });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
}

/** What tests of deliveries do again and again. */
export function helpersOf(subject: Subject<OperatorStores>) {
  const deliveriesOf = ({ run }: Writer, state?: 'owed' | 'dead') =>
    allPages((page) => subject().admin.deliveries({ taskId: run.taskId, ...(state && { state }) }, page));
  const webhookOf = async ({ run }: Writer) => (await subject().admin.webhooks({ taskId: run.taskId })).rows[0];

  /** Dead-letters what is due of a task, and gives the id. */
  async function deadLetter(writer: Writer): Promise<string> {
    const [entry] = await due(subject(), [writer]);
    await subject().outbox.deadLetter(entry?.id ?? '', 'The response has HTTP status 500.');
    return entry?.id ?? '';
  }

  /** Delivers all that is due of a task; gives the seqs in their order. */
  async function drain(writer: Writer): Promise<number[]> {
    const delivered: number[] = [];
    while (delivered.length < 50) {
      const entries = await due(subject(), [writer]);
      if (entries.length === 0) break;
      delivered.push(...seqs(entries));
      await subject().outbox.complete(entries.map(({ id }) => id));
    }
    return delivered;
  }

  return { deliveriesOf, webhookOf, deadLetter, drain };
}
