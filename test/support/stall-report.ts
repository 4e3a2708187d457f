import pg from 'pg';
import type { ServicePlace } from './service.place.js';
import type { StreamWitness } from './stream-witness.js';

const LIMIT_MS = 5_000;
const LOG_LINES = 40;

const TASKS = `
select t.context_id, t.task_id, t.state, t.last_seq, t.turn, t.attempt, t.fence, t.run_owner,
  coalesce(extract(epoch from r.lease_until - now())::float8, '-infinity') as lease_s
from a2a_task t left join a2a_replica r on r.id = t.run_owner
where t.context_id = any($1)`;

const STATEMENTS = `
select pid, state, wait_event_type, wait_event, (now() - state_change)::text as since, left(regexp_replace(query, '\\s+', ' ', 'g'), 120) as query
from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

interface StoredTask {
  context_id: string;
  task_id: string;
  state: string;
  last_seq: string;
  turn: number;
  attempt: number;
  fence: number;
  run_owner: string | null;
  lease_s: number;
}

/** `work`, or after `ms` an error that says what `report` knows. */
export async function unlessStalled<T>(work: Promise<T>, ms: number, report: () => Promise<string>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<'stalled'>((resolve) => (timer = setTimeout(resolve, ms, 'stalled')));
  const first = await Promise.race([work, stalled]).finally(() => clearTimeout(timer));
  if (first !== 'stalled') return first;
  work.catch(() => undefined);
  throw new Error(`Not done after ${ms} ms.\n${await report()}`);
}

/** Who waits for what, what the database has of it, and what the service and its database said last. Never rejects. */
export async function stallReport(place: ServicePlace, witnesses: readonly StreamWitness[]): Promise<string> {
  const waiting = witnesses.filter(({ waitsFor }) => waitsFor !== undefined);
  const { tasks, statements } = await ask(place, waiting);
  const lines = waiting.map(({ contextId, waitsFor, lastSeq, refusals }) => {
    const task = tasks instanceof Map ? (tasks.get(contextId) ?? 'no task') : tasks;
    return `- ${waitsFor}; seen to the end of the last connection: ${lastSeq}, refusals: ${refusals}; stored: ${task}`;
  });
  return [
    `Of ${witnesses.length} clients ${waiting.length} wait:`,
    ...lines,
    `Statements of the database: ${statements}`,
    `Processes of the database: ${place.databaseProcesses.join(' ')}, the first is ${place.postmaster}`,
    `The end of the service's log (${place.service.alive ? 'it runs' : 'it has ended'}):`,
    ...place.service.log.split('\n').slice(-LOG_LINES),
  ].join('\n');
}

interface Answers {
  /** By context, or why they are not known. */
  readonly tasks: ReadonlyMap<string, string> | string;
  readonly statements: string;
}

async function ask(place: ServicePlace, witnesses: readonly StreamWitness[]): Promise<Answers> {
  const { databaseUrl: connectionString } = place;
  if (connectionString === undefined) return { tasks: 'unknown (no database runs)', statements: 'none' };
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: LIMIT_MS, query_timeout: LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const contexts = witnesses.map(({ contextId }) => contextId);
    const { rows } = await client.query<StoredTask>(TASKS, [contexts]);
    const statements = await client.query(STATEMENTS);
    return {
      tasks: new Map(rows.map((row) => [row.context_id, inWords(row)])),
      statements: statements.rows.map((row) => `\n  ${JSON.stringify(row)}`).join(''),
    };
  } catch (error) {
    return { tasks: `unknown (${String(error)})`, statements: 'unknown' };
  } finally {
    await client.end();
  }
}

function inWords(task: StoredTask): string {
  const { task_id, state, last_seq, turn, attempt, fence, run_owner, lease_s } = task;
  const lease = Number.isFinite(lease_s) ? `its lease ends in ${Math.round(lease_s)} s` : 'which is not known';
  const owner = run_owner === null ? 'without an owner' : `owner ${run_owner}, ${lease}`;
  return `task ${task_id} is ${state}, last event ${last_seq}, turn ${turn}, attempt ${attempt}, fence ${fence}, ${owner}`;
}
