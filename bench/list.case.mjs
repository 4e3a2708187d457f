import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { withServers } from './support/child-server.mjs';
import { built } from './support/paths.mjs';
import { call } from './support/rpc.mjs';
import { median, quantile, rounded } from './support/statistics.mjs';

const GOAL = 3;
const OWNER = 'anonymous';
const AGENT = 'lab';

/** Each hundredth task has failed, each has a context with nine others. */
const TASKS = `
insert into a2a_task (task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, last_seq, bytes,
  created_at)
select gen_random_uuid(), $3, $4, ($5::text[])[n % ($2::int / 10) + 1], $1, '${OWNER}', '${AGENT}', $1 || '-' || n % ($2::int / 10),
  case when n % 100 = 0 then 'failed' else 'completed' end, at, 1, 200, at
from generate_series(1, $2::int) as n, lateral (select now() - n * interval '10 ms' as at) as times`;

const EVENTS = `
insert into a2a_event (task_id, seq, fence, bytes, kind, state, data)
select task_id, 1, 1, 200, 0, state, json_build_object('status', json_build_object('state',
  'TASK_STATE_' || upper(state), 'timestamp', to_char(status_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
from a2a_task where tenant = $1`;

const MIDDLE = `
select task_id, to_char(status_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
from a2a_task where tenant = $1 order by status_at desc, task_id desc offset $2 limit 1`;

/** Pages of a caller with few tasks against those of one with many, in one table. */
export async function listCase({ options, servers, databases, say }) {
  const { sizes, requests, rounds } = options.list;
  const { encodePageToken } = await import(built('src/tasks/page-token.js'));
  const keys = await import(built('src/tasks/sql/core/keys.js'));
  const database = new pg.Client({ connectionString: databases.ours });
  await database.connect();
  const owners = sizes.map((size) => ({ size, tenant: `t${size}` }));

  async function fill({ size, tenant }) {
    const scope = { owner: OWNER, tenant, agent: AGENT };
    const contexts = Array.from({ length: size / 10 }, (_, n) => keys.contextKey(`${tenant}-${n}`));
    await database.query(TASKS, [tenant, size, keys.scopeKey(scope), keys.ownerKey(scope), contexts]);
    await database.query(EVENTS, [tenant]);
  }

  async function kindsOf({ size, tenant }) {
    const { rows } = await database.query(MIDDLE, [tenant, size / 2]);
    const [{ task_id: taskId, at }] = rows;
    const scope = { owner: OWNER, tenant, agent: AGENT };
    const contextId = `${tenant}-7`;
    return {
      'first page': {},
      'page in the middle': { pageToken: encodePageToken({ statusAt: at, taskId }, {}, scope) },
      'filtered by state': { status: 'TASK_STATE_FAILED' },
      'filtered by context': { contextId },
      'of a state that none has': { status: 'TASK_STATE_REJECTED' },
      'since a time': { statusTimestampAfter: at },
    };
  }

  async function time(server, tenant, params) {
    const times = [];
    let total;
    for (let n = 0; n < requests; n++) {
      const begin = performance.now();
      const { totalSize } = await call(server.agentUrl, 'ListTasks', { tenant, ...params });
      times.push(performance.now() - begin);
      total = totalSize;
    }
    return { ms: quantile(times, 0.5), total };
  }

  try {
    return await withServers([servers.oursPostgresExpress], async (server) => {
      for (const owner of owners) await fill(owner);
      await database.query('vacuum (analyze) a2a_task');
      await database.query('vacuum (analyze) a2a_event');
      const kinds = await Promise.all(owners.map(kindsOf));
      const figures = [];
      const details = [];
      for (const kind of Object.keys(kinds[0])) {
        const runs = owners.map(() => []);
        for (let round = 0; round <= rounds; round++) {
          for (const [index, { tenant }] of owners.entries()) {
            const run = await time(server, tenant, kinds[index][kind]);
            // The first round fills caches.
            if (round > 0) runs[index].push(run);
          }
        }
        const ms = runs.map((all) => median(all.map((run) => run.ms)));
        const detail = { kind, ms: ms.map((value) => rounded(value)), total: runs.map(([{ total }]) => total) };
        details.push(detail);
        say(`list: ${JSON.stringify(detail)}`);
        const ratios = runs.at(-1).map((run, round) => run.ms / runs[0][round].ms);
        figures.push({
          name: `tasks of a caller, ${kind}: time with ${sizes.at(-1)}, of that with ${sizes[0]}`,
          value: { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) },
          goal: GOAL,
          better: 'less',
        });
      }
      return { figures, details };
    });
  } finally {
    await database.query(`delete from a2a_task where tenant = any($1)`, [owners.map(({ tenant }) => tenant)]);
    await database.end();
  }
}
