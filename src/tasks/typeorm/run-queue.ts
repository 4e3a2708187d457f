import type { RunQueue } from '../core/task-rows.interface.js';
import type { ClaimedRun, WaitingWanted } from '../run-store.interface.js';
import type { Database } from './database.js';
import { plainArray } from './pg-array.js';
import { type PostgresTaskRow, toClaim } from './task-row.js';
import { KnownKinds } from './known-kinds.js';
import {
  CLAIM_AND_SEE,
  CLAIM_KNOWN,
  CLAIM_WAITING,
  COUNT_WAITING,
  COUNT_WAITING_OF,
  MAX_KINDS,
} from './run-queue.statements.js';

type LineRow = (PostgresTaskRow | { task_id: null }) & {
  kinds: number;
  last_tenant: string;
  last_owner: string;
  last_agent: string;
  seen: string | null;
};

type Kind = readonly [tenant: string, owner: string, agent: string];

const START: Kind = ['', '', ''];
const NO_LIMIT = 2 ** 31 - 1;
/** Tasks that one statement takes. */
const MAX_TAKEN = 1_000;

/** The tasks that wait for a start. Where so many kinds of them wait that one look does not see all, the looks go around. */
export class PostgresRunQueue implements RunQueue {
  /** The next look begins behind it. */
  #behind = START;

  constructor(
    private readonly db: Database,
    private readonly known = new KnownKinds(),
  ) {}

  async claim(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const quick = this.known.usable ? await this.#lookAtKnown(replicaId, wanted) : [];
    if (quick.length === wanted.limit) return quick;
    const rest = this.#claim(replicaId, without(wanted, quick));
    // Claimed tasks must be run even if storage has become unavailable.
    return quick.length === 0 ? rest : [...quick, ...(await rest.catch(() => []))];
  }

  async #claim(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const behind = this.#behind;
    const claimed = await this.#look(replicaId, wanted, behind);
    // What comes before in the order was not looked at.
    return claimed.length > 0 || behind === START ? claimed : this.#look(replicaId, wanted, START);
  }

  async count(limit: number, owner?: string): Promise<number> {
    const [sql, values] = owner === undefined ? [COUNT_WAITING, [limit]] : [COUNT_WAITING_OF, [limit, owner]];
    const [row] = await this.db.query<{ n: number }>(sql, values);
    return row?.n ?? 0;
  }

  async #look(replicaId: string, wanted: WaitingWanted, behind: Kind): Promise<ClaimedRun[]> {
    const sql = this.known.wanted ? CLAIM_AND_SEE : CLAIM_WAITING;
    const begun = performance.now();
    const rows = await this.db.query<LineRow>(sql, [...values(replicaId, wanted), ...behind]);
    const tookMs = performance.now() - begun;
    const [first] = rows;
    const more = first !== undefined && first.kinds === MAX_KINDS;
    this.#behind = more ? [first.last_tenant, first.last_owner, first.last_agent] : START;
    const claimed = claims(rows);
    this.known.looked(tookMs, claimed.length, first?.seen ?? null, behind === START && !more);
    return claimed;
  }

  async #lookAtKnown(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const rows = await this.db.query<LineRow>(CLAIM_KNOWN, [...values(replicaId, wanted), ...this.known.columns()]);
    const claimed = claims(rows);
    this.known.lookedAtKnown(claimed.length, rows[0]?.seen ?? null);
    return claimed;
  }
}

const claims = (rows: readonly LineRow[]): ClaimedRun[] =>
  rows.filter((row): row is LineRow & PostgresTaskRow => row.task_id !== null).map(toClaim);

function values(replicaId: string, wanted: WaitingWanted): unknown[] {
  const agents = [...wanted.agents].filter(([, room]) => room > 0);
  const { limit, running = [], maxPerTenant = NO_LIMIT, maxPerOwner = NO_LIMIT } = wanted;
  return [
    replicaId,
    Math.min(limit, MAX_TAKEN),
    agents.map(([agent]) => agent),
    plainArray(agents.map(([, room]) => Math.min(room, NO_LIMIT))),
    running.map(({ tenant }) => tenant),
    running.map(({ owner }) => owner),
    plainArray(running.map(({ runs }) => runs)),
    Math.min(maxPerTenant, NO_LIMIT),
    Math.min(maxPerOwner, NO_LIMIT),
  ];
}

/** What is wanted still, when these were claimed. */
function without(wanted: WaitingWanted, claimed: readonly ClaimedRun[]): WaitingWanted {
  if (claimed.length === 0) return wanted;
  const agents = new Map(wanted.agents);
  let running = wanted.running ?? [];
  for (const { run } of claimed) {
    const { tenant, owner, agent } = run;
    agents.set(agent, (agents.get(agent) ?? 0) - 1);
    const party = running.find((each) => each.tenant === tenant && each.owner === owner);
    // Served just now: the last one.
    running = [...running.filter((each) => each !== party), { tenant, owner, runs: (party?.runs ?? 0) + 1 }];
  }
  return { ...wanted, limit: wanted.limit - claimed.length, agents, running };
}
