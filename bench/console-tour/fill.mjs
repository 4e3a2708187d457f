import pg from 'pg';
import { built } from '../support/paths.mjs';

/** A prime, so that each owner has tasks of all kinds. */
const OWNERS = 199;
/** The tasks were created within this time. */
const WITHIN_S = 86_400;

const columnsOf = async (database, table) => {
  const { rows } = await database.query(
    `select column_name as name from information_schema.columns where table_name = $1 and is_identity = 'NO' order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name);
};

/** All columns of `table` as they are in alias `o`, but those of `changed`. */
async function copy(database, table, from, changed) {
  const columns = await columnsOf(database, table);
  const values = columns.map((name) => changed[name] ?? `o.${name}`);
  await database.query(`insert into ${table} (${columns}) select ${values} from ${from}`);
}

/** A UUID of version 7 of this time. */
const UUID_V7 = (at) => `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0')
  || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`;

const ISO = (at) => `to_char((${at}) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Content of the original, with the ids and a time of the copy. All have the lengths of what they replace. */
const adapted = (column, at) => `regexp_replace(
  replace(replace(${column}::text, c.from_id::text, c.task_id::text), t.context_id, c.context_id),
  '"timestamp":"[^"]*"', '"timestamp":"' || ${ISO(at)} || '"', 'g')::json`;

/**
 * Copies the tasks that `originals` names until there are `count`, the newest first: to 199 owners, two in ten of them with a tenant, and one
 * context for four tasks. An original that is named twice has twice as many copies.
 */
export async function fill(url, originals, count) {
  const { contextKey, ownerKey, scopeKey } = await import(built('src/tasks/sql/core/keys.js'));
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    const { rows } = await database.query('select distinct agent from a2a_task');
    const owners = Array.from({ length: OWNERS }, (_, n) => ({
      owner: `owner-${n}`,
      tenant: n % 10 < 2 ? 'acme' : '',
    }));
    const scopes = owners.flatMap((one) =>
      rows.map(({ agent }) => ({ ...one, agent, owner_key: ownerKey(one), scope: scopeKey({ ...one, agent }) })),
    );
    const { rows: ids } = await database.query(
      'select gen_random_uuid()::text as id from generate_series(1, $1::int)',
      [Math.ceil(count / 4)],
    );
    const contexts = ids.map(({ id }) => ({ id, key: contextKey(id) }));
    await database.query(
      'create temp table owners as select * from json_to_recordset($1) as x (owner text, tenant text, agent text, owner_key text, scope text)',
      [JSON.stringify(scopes)],
    );
    await database.query(
      'create temp table contexts as select x.* from rows from (json_to_recordset($1) as (id text, key text)) with ordinality as x (id, key, n)',
      [JSON.stringify(contexts)],
    );
    await database.query(
      `create temp table copies as
       select s.n, o.id as from_id, ${UUID_V7('at')} as task_id, at, x.id as context_id, x.key as context_key,
         'owner-' || s.n % ${OWNERS} as owner
       from generate_series(1, $2::int) as s (n)
       join unnest($1::uuid[]) with ordinality as o (id, place) on place = s.n * 37 % cardinality($1::uuid[]) + 1
       join contexts x on x.n = s.n / 4 % $3 + 1,
       lateral (select date_trunc('milliseconds', now() - s.n * interval '${WITHIN_S / count} s') as at) as times`,
      [originals, count, contexts.length],
    );
    await database.query('create index on copies (from_id)');
    const later = (time) => `c.at + (${time} - t.created_at)`;
    const of = 'copies c join a2a_task t on t.task_id = c.from_id';
    const originalsOf = (table) => `${of} join ${table} o on o.task_id = c.from_id`;
    for (const [table, data, at] of [
      ['a2a_event', ['data', 'inbound', 'request'], later('coalesce(o.at, t.created_at)')],
      ['a2a_snapshot', ['doc'], later('t.status_at')],
    ]) {
      const contents = Object.fromEntries(data.map((name) => [name, adapted(`o.${name}`, at)]));
      const times = table === 'a2a_event' ? { at } : {};
      await copy(database, table, originalsOf(table), { task_id: 'c.task_id', ...contents, ...times });
    }
    await copy(database, 'a2a_message', originalsOf('a2a_message'), {
      task_id: 'c.task_id',
      message_key: `left(md5(random()::text) || md5(random()::text), 43)`,
      created_at: 'c.at',
    });
    await copy(database, 'a2a_push_config', originalsOf('a2a_push_config'), {
      task_id: 'c.task_id',
      created_at: 'c.at',
    });
    await copy(database, 'a2a_push_queue', originalsOf('a2a_push_queue'), { task_id: 'c.task_id', owner: 'c.owner' });
    await copy(database, 'a2a_outbox', originalsOf('a2a_outbox'), {
      task_id: 'c.task_id',
      dead_at: later('o.dead_at'),
    });
    await copy(
      database,
      'a2a_task',
      `copies c join a2a_task o on o.task_id = c.from_id join owners w on w.owner = c.owner and w.agent = o.agent`,
      {
        ...{ task_id: 'c.task_id', scope: 'w.scope', owner_key: 'w.owner_key', context_key: 'c.context_key' },
        ...{ tenant: 'w.tenant', owner: 'w.owner', context_id: 'c.context_id', created_at: 'c.at' },
        status_at: 'c.at + (o.status_at - o.created_at)',
        rested_at: 'c.at + (o.rested_at - o.created_at)',
      },
    );
    await database.query('vacuum (analyze)');
    const { rows: counted } = await database.query(
      'select (select count(*) from a2a_task)::int as tasks, (select count(*) from a2a_event)::int as events',
    );
    return counted[0];
  } finally {
    await database.end();
  }
}
