import { SPARE, startInTurn } from '../core/start-in-turn.js';
import type { RunQueue } from '../core/task-rows.interface.js';
import type { ClaimedRun, WaitingWanted } from '../run-store.interface.js';
import type { DueTask } from '../waiting-choice.js';
import type { Database } from './database.js';
import { type Kind, KnownKinds, type SeenKind } from './known-kinds.js';
import { plainArray } from './pg-array.js';
import { COUNT_QUEUED, COUNT_QUEUED_OF, DUE, DUE_OF_KNOWN, MAX_KINDS, START } from './run-queue.statements.js';
import { type PostgresTaskRow, toClaim } from './task-row.js';

interface DueRow {
  n: number;
  tenant: string;
  owner: string;
  agent: string;
  /** null: no task of this kind is due. */
  task_id: string | null;
  /** Seconds since the epoch. */
  since: number | null;
}

const BEGINNING: Kind = ['', '', ''];
/** The most tasks of one claim. */
const MAX_TAKEN = 1_000;

/** The queued tasks. When there are more kinds than one read covers, successive reads cycle through them. */
export class PostgresRunQueue implements RunQueue {
  /** The next read starts after this kind. */
  #behind = BEGINNING;

  constructor(
    private readonly db: Database,
    private readonly known = new KnownKinds(),
  ) {}

  async claim(replicaId: string, given: WaitingWanted): Promise<ClaimedRun[]> {
    const wanted = { ...given, limit: Math.min(given.limit, MAX_TAKEN) };
    const quick = this.known.usable ? await this.#claimOfKnown(replicaId, wanted) : [];
    if (quick.length === wanted.limit) return quick;
    const rest = this.#claim(replicaId, without(wanted, quick));
    // Claimed tasks must run even if the storage has become unavailable.
    return quick.length === 0 ? rest : [...quick, ...(await rest.catch(() => []))];
  }

  async count(limit: number, owner?: string): Promise<number> {
    const [sql, values] = owner === undefined ? [COUNT_QUEUED, [limit]] : [COUNT_QUEUED_OF, [limit, owner]];
    const [row] = await this.db.query<{ n: number }>(sql, values);
    return row?.n ?? 0;
  }

  async #claim(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const behind = this.#behind;
    const claimed = await this.#claimBehind(replicaId, wanted, behind);
    // The kinds before the start were not read.
    return claimed.length > 0 || behind === BEGINNING ? claimed : this.#claimBehind(replicaId, wanted, BEGINNING);
  }

  async #claimBehind(replicaId: string, wanted: WaitingWanted, behind: Kind): Promise<ClaimedRun[]> {
    const begun = performance.now();
    const rows = await this.db.query<DueRow>(DUE, [...rooms(wanted), ...behind]);
    const tookMs = performance.now() - begun;
    const last = rows.at(-1);
    const more = last !== undefined && last.n === MAX_KINDS;
    this.#behind = more ? [last.tenant, last.owner, last.agent] : BEGINNING;
    const claimed = await this.#start(replicaId, wanted, rows);
    this.known.read(tookMs, claimed.length, firstOfEach(rows), behind === BEGINNING && !more);
    return claimed;
  }

  async #claimOfKnown(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const rows = await this.db.query<DueRow>(DUE_OF_KNOWN, [...rooms(wanted), ...this.known.columns()]);
    const claimed = await this.#start(replicaId, wanted, rows);
    this.known.readKnown(claimed.length, firstOfEach(rows));
    return claimed;
  }

  #start(replicaId: string, wanted: WaitingWanted, rows: readonly DueRow[]): Promise<ClaimedRun[]> {
    return startInTurn(rows.flatMap(dueTask), wanted, async (tasks) => {
      const ids = plainArray(tasks.map(({ taskId }) => taskId));
      return (await this.db.query<PostgresTaskRow>(START, [replicaId, ids])).map(toClaim);
    });
  }
}

const dueTask = ({ tenant, owner, agent, task_id: taskId, since }: DueRow): DueTask[] =>
  taskId === null || since === null ? [] : [{ tenant, owner, agent, taskId, notBefore: since * 1000 }];

/** The rows of a kind are ordered by time. */
function firstOfEach(rows: readonly DueRow[]): SeenKind[] {
  const first = new Map<number, SeenKind>();
  for (const { n, tenant, owner, agent, since } of rows)
    if (since !== null && !first.has(n)) first.set(n, [tenant, owner, agent, since]);
  return [...first.values()];
}

function rooms({ agents, limit }: WaitingWanted): unknown[] {
  const some = [...agents].filter(([, room]) => room > 0);
  return [some.map(([agent]) => agent), plainArray(some.map(([, room]) => SPARE * Math.min(room, limit)))];
}

/** What is still wanted after these were claimed. */
function without(wanted: WaitingWanted, claimed: readonly ClaimedRun[]): WaitingWanted {
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
