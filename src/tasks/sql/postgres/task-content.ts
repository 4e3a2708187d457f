import type { Task } from '../../../protocol/model/index.js';
import { foldLog } from '../../fold-log.js';
import type { ContentWanted } from '../../list-page.js';
import type { TaskRecord } from '../../task-record.js';
import { EVENT_COLUMNS, type EventRow, KIND_CODES, toEvent } from '../../event-row.js';
import type { TaskContent } from '../core/task-content.js';
import { plainArray } from './pg-array.js';
import type { PostgresDatabase } from './postgres.database.js';
import { withMembers } from '../../../common/with-members.js';

const SNAPSHOTS = `select task_id, seq, doc from a2a_snapshot where task_id = any($1::uuid[])`;

const STRETCHES = `select * from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as t(task_id, after, upto)`;

const TAILS = `
select t.task_id, ${EVENT_COLUMNS}, count(*) over (partition by t.task_id) as stretch
from (${STRETCHES}) as t
join a2a_event e on e.task_id = t.task_id and e.seq > t.after and e.seq <= t.upto
order by t.task_id, e.seq`;

/**
 * The database can remove members from json text as stored. It cannot do so if the text has an escaped U+0000 or half a surrogate
 * pair anywhere: such a rare text is read as a whole.
 */
const isPlain = (json: string): string =>
  `(strpos(${json}::text, '\\u0000') = 0 and strpos(${json}::text, '\\ud') = 0)`;

/** A task, or the event that created it, without its artifacts; and without its history unless `history` is true. */
const bareTask = (json: string, history: string): string => `(
  select concat('{"status":', p.status, case when ${history} then ',"history":' || p.history end, ',"metadata":' || p.metadata, '}')::json
  from json_to_record(${json}) as p(status json, history json, metadata json))`;

/** An artifact event without its artifact; null when nothing else is left. */
const bareEvent = (json: string): string => `(
  select ('{"artifact":{"artifactId":"","parts":[]},"metadata":' || p.metadata || '}')::json
  from json_to_record(${json}) as p(metadata json))`;

/** $2: whether to include the history. `offset 0`: so that the text is evaluated once. */
const BARE_SNAPSHOTS = `
select task_id, seq, case when plain then ${bareTask('doc', '$2::boolean')} else doc end as doc
from (select *, ${isPlain('doc')} as plain from a2a_snapshot where task_id = any($1::uuid[]) offset 0) as s`;

/**
 * Events without what concerns only artifacts: artifact events are reduced to their metadata, and without the history ($4) so are
 * all statuses but the last. A task with nothing left still has a row, with the number of its events.
 */
const BARE_TAILS = `
select t.task_id, e.*, t.stretch
from (
  select s.*, (
    select count(*) from a2a_event e where e.task_id = s.task_id and e.seq > s.after and e.seq <= s.upto
  ) as stretch
  from (${STRETCHES}) as s
) as t
left join lateral (
  select seq, case when bare and plain then ${KIND_CODES.artifact} else kind end as kind, state, data,
    case when not bare then inbound end as inbound
  from (
    select seq, kind, state, inbound, bare, plain, case
      when not bare and kind <> ${KIND_CODES.task} or not plain then data
      when kind = ${KIND_CODES.task} then ${bareTask('data', '$4::boolean')}
      else ${bareEvent('data')}
    end as data
    from (
      select *, case when bare or kind = ${KIND_CODES.task} then ${isPlain('data')} end as plain
      from (
        select *, kind = ${KIND_CODES.artifactWithMetadata} or kind = ${KIND_CODES.status} and not $4::boolean
          and seq < max(seq) filter (where kind = ${KIND_CODES.status}) over () as bare
        from a2a_event
        where task_id = t.task_id and seq > t.after and seq <= t.upto and kind <> ${KIND_CODES.artifact}
      ) as e
      where not bare or kind <> ${KIND_CODES.status} or strpos(data::text, '"metadata"') > 0
      offset 0
    ) as e
  ) as e
  where data is not null
) as e on true
order by t.task_id, e.seq`;

/**
 * Upper bounds for tasks without their artifacts, in bytes of JSON: the snapshot without artifacts, plus the events after it that
 * concern more than artifacts.
 */
const BARE_BYTES = `
select coalesce(s.bare_bytes, 0) + e.bytes as bytes
from unnest($1::uuid[], $2::bigint[]) with ordinality as t(task_id, upto, i)
left join a2a_snapshot s on s.task_id = t.task_id
cross join lateral (
  select coalesce(sum(case
    when kind <> ${KIND_CODES.artifactWithMetadata} or not plain then bytes
    else octet_length(${bareEvent('data')}::text)
  end), 0) as bytes
  from (
    select kind, bytes, data, case when kind = ${KIND_CODES.artifactWithMetadata} then ${isPlain('data')} end as plain
    from a2a_event
    where task_id = t.task_id and seq > coalesce(s.seq, 0) and seq <= t.upto and kind <> ${KIND_CODES.artifact}
    offset 0
  ) as e
) as e
order by t.i`;

interface SnapshotRow {
  task_id: string;
  seq: number;
  doc: string;
}

type TailRow = { task_id: string; stretch: number } & (EventRow | { seq: null });

/**
 * All tasks of a page in two statements, since a list is what clients ask for most. Unwanted parts mostly stay in the database,
 * which takes them out of the JSON.
 */
export class PostgresTaskContent implements TaskContent {
  constructor(private readonly db: PostgresDatabase) {}

  async bareBytes(heads: readonly TaskRecord[]): Promise<number[]> {
    const lastSeqs = plainArray(heads.map(({ lastSeq }) => lastSeq));
    const { rows } = await this.db.send<{ bytes: number }>(BARE_BYTES, [idsOf(heads), lastSeqs]);
    return rows.map(({ bytes }) => Number(bytes));
  }

  /** undefined: the task was appended to, trimmed or deleted between the statements. */
  async read(heads: readonly TaskRecord[], { artifacts, history }: ContentWanted): Promise<(Task | undefined)[]> {
    const ids = idsOf(heads);
    const found = artifacts
      ? await this.db.send<SnapshotRow>(SNAPSHOTS, [ids])
      : await this.db.send<SnapshotRow>(BARE_SNAPSHOTS, [ids, history]);
    const snapshots = new Map(found.rows.map((row) => [row.task_id, row]));
    const after = heads.map(({ taskId }) => snapshots.get(taskId)?.seq ?? 0);
    const stretches = [ids, plainArray(after), plainArray(heads.map(({ lastSeq }) => lastSeq))];
    const { rows } = artifacts
      ? await this.db.send<TailRow>(TAILS, stretches)
      : await this.db.send<TailRow>(BARE_TAILS, [...stretches, history]);
    const tails = new Map<string, TailRow[]>(heads.map(({ taskId }) => [taskId, []]));
    for (const row of rows) tails.get(row.task_id)?.push(row);
    return heads.map((head, index) => {
      const tail = tails.get(head.taskId) ?? [];
      if ((tail[0]?.stretch ?? 0) !== head.lastSeq - (after[index] ?? 0)) return undefined;
      const events = tail.flatMap((row) => (row.seq === null ? [] : [toEvent(head, row)]));
      return foldLog(events, snapshotOf(head, snapshots.get(head.taskId)));
    });
  }
}

const idsOf = (heads: readonly TaskRecord[]): string => plainArray(heads.map(({ taskId }) => taskId));

const snapshotOf = (head: TaskRecord, row: SnapshotRow | undefined): Task | undefined =>
  row && withMembers(JSON.parse(row.doc) as Task, { id: head.taskId, contextId: head.contextId });
