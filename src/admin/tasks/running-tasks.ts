import { Injectable } from '@nestjs/common';
import { invalidParams } from '../../protocol/errors/index.js';
import type { AdminTaskRow } from '../../tasks/admin/admin-rows.js';
import type { AdminList } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import type { RunsQuery } from '../queries/queries.js';

const DEFAULT_LIMIT = 50;

/** The tasks that run: those of each replica in turn. */
@Injectable()
export class RunningTasks {
  constructor(private readonly parts: AdminParts) {}

  /** A cursor is the replica where the next page begins, and a cursor in the list of its tasks. */
  async page({ replica, limit = DEFAULT_LIMIT, cursor }: RunsQuery): Promise<AdminList<AdminTaskRow>> {
    const { store } = this.parts;
    const [begin = '', inner] = cursor === undefined ? [] : split(cursor);
    const replicas = replica === undefined ? (await store.replicas()).map(({ id }) => id).sort() : [replica];
    const rows: AdminTaskRow[] = [];
    for (const id of replicas.filter((each) => each >= begin)) {
      if (rows.length >= limit) return { rows, next: `${id} ` };
      const rest = { limit: limit - rows.length, ...(id === begin && inner !== '' && { cursor: inner }) };
      const found = await store.tasks({ runOwner: id }, rest);
      rows.push(...found.rows);
      if (found.next !== undefined) return { rows, next: `${id} ${found.next}` };
    }
    return { rows };
  }
}

function split(cursor: string): [replica: string, inner: string] {
  const space = cursor.indexOf(' ');
  if (space < 0) throw invalidParams([{ field: 'cursor', description: 'is no cursor that this server gave' }]);
  return [cursor.slice(0, space), cursor.slice(space + 1)];
}
