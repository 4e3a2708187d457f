import type { QueryResultRow } from 'pg';
import { SPARE, startInTurn } from '../../core/start-in-turn.js';
import type { ClaimedRun, QueueDemand } from '../../run-store.interface.js';
import type { DueTask } from '../../waiting-choice.js';
import { MAX_KINDS, MAX_TAKEN, SqlRunQueue } from '../core/run-queue.js';
import { type SqlTaskRow, toClaim } from '../core/task-row.js';
import { KnownKinds, type SeenKind } from './known-kinds.js';
import { plainArray } from './pg-array.js';
import type { PostgresDatabase } from './postgres.database.js';
import { DUE, DUE_OF_KNOWN, START } from './run-queue.statements.js';

interface DueRow {
  n: number;
  waits: string;
  agent: string;
  /** null: no task of this kind is due. */
  task_id: string | null;
  tenant: string;
  owner: string;
  /** Milliseconds since the epoch. */
  since: number;
}

/** The queued tasks: as SqlRunQueue, but the due tasks of all kinds are read in one statement, and started in one. */
export class PostgresRunQueue extends SqlRunQueue {
  /** The next read starts after this kind. */
  #behind = '';

  constructor(
    protected override readonly db: PostgresDatabase,
    private readonly known = new KnownKinds(),
  ) {
    super(db);
  }

  override async claim(replicaId: string, given: QueueDemand): Promise<ClaimedRun[]> {
    const wanted = { ...given, limit: Math.min(given.limit, MAX_TAKEN) };
    const quick = this.known.usable ? await this.#claimOfKnown(replicaId, wanted) : [];
    if (quick.length === wanted.limit) return quick;
    const rest = this.#claim(replicaId, without(wanted, quick));
    // Claimed tasks must run even if the storage has become unavailable.
    return quick.length === 0 ? rest : [...quick, ...(await rest.catch(() => []))];
  }

  async #claim(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    const behind = this.#behind;
    const claimed = await this.#claimBehind(replicaId, wanted, behind);
    // The kinds before the start were not read.
    return claimed.length > 0 || behind === '' ? claimed : this.#claimBehind(replicaId, wanted, '');
  }

  async #claimBehind(replicaId: string, wanted: QueueDemand, behind: string): Promise<ClaimedRun[]> {
    const begun = performance.now();
    const { rows } = await this.db.send<DueRow>(DUE, [...rooms(wanted), behind]);
    const tookMs = performance.now() - begun;
    const last = rows.at(-1);
    this.#behind = last?.n === MAX_KINDS ? last.waits : '';
    const claimed = await this.#start(replicaId, wanted, rows);
    this.known.read(tookMs, claimed.length, firstOfEach(rows), behind === '' && this.#behind === '');
    return claimed;
  }

  async #claimOfKnown(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    const { rows } = await this.db.send<DueRow>(DUE_OF_KNOWN, [...rooms(wanted), ...this.known.columns()]);
    const claimed = await this.#start(replicaId, wanted, rows);
    this.known.readKnown(claimed.length, firstOfEach(rows));
    return claimed;
  }

  #start(replicaId: string, wanted: QueueDemand, rows: readonly DueRow[]): Promise<ClaimedRun[]> {
    return startInTurn(rows.flatMap(dueTask), wanted, async (tasks) => {
      const ids = plainArray(tasks.map(({ taskId }) => taskId));
      return (await this.db.send<SqlTaskRow & QueryResultRow>(START, [replicaId, ids])).rows.map(toClaim);
    });
  }
}

const dueTask = ({ tenant, owner, agent, task_id: taskId, since }: DueRow): DueTask[] =>
  taskId === null ? [] : [{ tenant, owner, agent, taskId, notBefore: since }];

/** The rows of a kind are ordered by time. */
function firstOfEach(rows: readonly DueRow[]): SeenKind[] {
  const first = new Map<number, SeenKind>();
  for (const { n, waits, agent, task_id, since } of rows)
    if (task_id !== null && !first.has(n)) first.set(n, [waits, agent, since]);
  return [...first.values()];
}

function rooms({ agents, limit }: QueueDemand): unknown[] {
  const some = [...agents].filter(([, room]) => room > 0);
  return [some.map(([agent]) => agent), plainArray(some.map(([, room]) => SPARE * Math.min(room, limit)))];
}

/** What is still wanted after these were claimed. */
function without(wanted: QueueDemand, claimed: readonly ClaimedRun[]): QueueDemand {
  if (claimed.length === 0) return wanted;
  const agents = new Map(wanted.agents);
  let running = wanted.running ?? [];
  for (const { run } of claimed) {
    const { tenant, owner, agent } = run;
    agents.set(agent, (agents.get(agent) ?? 0) - 1);
    const party = running.find((each) => each.tenant === tenant && each.owner === owner);
    // Served just now, so it moves to the end.
    running = [...running.filter((each) => each !== party), { tenant, owner, runs: (party?.runs ?? 0) + 1 }];
  }
  return { ...wanted, limit: wanted.limit - claimed.length, agents, running };
}
