import { TASK_STATES } from '../../../../protocol/state/task-state.js';
import { adminPage, adminPageSize, decodeCursor, listOf } from '../../../admin/admin-cursor.js';
import type { AdminTask, AdminTaskRow } from '../../../admin/admin-rows.js';
import type { AdminPage, AdminPageQuery, AdminTaskFilter } from '../../../admin/admin-store.interface.js';
import { searchReasons } from '../../../admin/search-reasons.js';
import { isTaskId } from '../../../row-ids.js';
import { toStored } from '../../../task-states.js';
import { type Sql, among, join, raw, sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { adminTaskFilter, matchesNothing } from './admin-task-filter.sql.js';
import {
  ADMIN_TASK_COLUMNS,
  type SqlAdminTaskRow,
  type SqlTracedTaskRow,
  toAdminTask,
  toTracedTask,
} from './admin-task-row.js';
import { MAX_AGENTS, knownAgents } from './known-agents.js';

/** The most pairs of agent and state that are read one by one. */
const MAX_PAIRS = MAX_AGENTS;

/** Pages of tasks of all owners, newest first. */
export class SqlAdminTasks {
  constructor(private readonly db: SqlDatabase) {}

  async task(taskId: string): Promise<AdminTask | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<SqlTracedTaskRow>(sql`
      select ${raw(ADMIN_TASK_COLUMNS)}, t.begun_seq, first.request as first_request, begun.request as begun_request
      from a2a_task t
      left join a2a_event first on first.task_id = t.task_id and first.seq = 1
      left join a2a_event begun on begun.task_id = t.task_id and begun.seq = t.begun_seq
      where t.task_id = ${taskId}`);
    return row && toTracedTask(row);
  }

  async page(filter: AdminTaskFilter, page: AdminPageQuery = {}): Promise<AdminPage<AdminTaskRow>> {
    if (filter.reason) return searchReasons(filter, page, await this.#reader(filter));
    const list = listOf('tasks', filter);
    const size = adminPageSize(page);
    const [after] = decodeCursor(page, list, [isTaskId]) ?? [];
    const read = await this.#reader(filter);
    return adminPage(await read(after, size + 1), size, list, ({ id }) => [id]);
  }

  async #reader(filter: AdminTaskFilter) {
    const conditions = matchesNothing(filter) ? [raw('1 = 0')] : await this.#conditions(filter);
    return async (after: string | undefined, limit: number): Promise<AdminTaskRow[]> => {
      const position = after === undefined ? raw('') : sql`and t.task_id < ${after}`;
      const rows = await this.db.query<SqlAdminTaskRow>(newestOf(conditions, position, limit));
      return rows.map(toAdminTask);
    };
  }

  /** Disjoint conditions that together are the filter: for each pair of agent and state an index has the newest tasks in order. */
  async #conditions(filter: AdminTaskFilter): Promise<Sql[]> {
    const { agent, states } = filter;
    const rest = adminTaskFilter(filter);
    if (agent === undefined && states === undefined) return [rest];
    const agents = agent === undefined ? await knownAgents(this.db) : [agent];
    const stored = [...new Set(states ?? TASK_STATES)].map(toStored);
    if (agents.length * stored.length > MAX_PAIRS) return [anyOf(agent, stored, rest)];
    return agents.flatMap((one) => stored.map((state) => sql`t.agent = ${one} and t.state = ${state} and ${rest}`));
  }
}

const anyOf = (agent: string | undefined, states: readonly string[], rest: Sql): Sql =>
  sql`${agent === undefined ? raw('1 = 1') : sql`t.agent = ${agent}`} and t.state ${among(states)} and ${rest}`;

function newestOf(conditions: readonly Sql[], position: Sql, limit: number): Sql {
  const selects = (conditions.length > 0 ? conditions : [raw('1 = 0')]).map(
    (condition) => sql`
      select ${raw(ADMIN_TASK_COLUMNS)} from a2a_task t where ${condition} ${position} order by t.task_id desc limit ${limit}`,
  );
  if (selects.length === 1) return selects[0]!;
  const parts = selects.map((select, index) => sql`select * from (${select}) ${raw(`part_${index}`)}`);
  return sql`select * from (${join(parts, ' union all ')}) found order by task_id desc limit ${limit}`;
}
