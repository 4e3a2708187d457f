import type { TaskScope } from '../security/call-context.js';
import type { QueueDemand } from './run-store.interface.js';

/** A queued task that is due. */
export interface DueTask extends Pick<TaskScope, 'tenant' | 'owner' | 'agent'> {
  readonly taskId: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
}

/** What a tenant, an owner, or an owner in a tenant has running, and when it was served last: a larger number is later. */
interface Share {
  runs: number;
  served: number;
}

interface Ranked<T> {
  readonly task: T;
  /** How many tasks the party has running when the task starts. */
  readonly rank: number;
  readonly served: number;
}

/** Later than everything served before: for parties whose task this choice has already taken. */
const JUST_NOW = 1e9;
const noLimit = (): number => Infinity;
const NOTHING: Readonly<Share> = { runs: 0, served: 0 };

/**
 * Chooses the order of starts. The next task is of the owner with the fewest tasks, counting what runs here and what was taken
 * before; on a tie, of the owner who was served longest ago; then the older task. The tenants of an owner take turns in the same
 * way.
 */
export function chooseWaiting<T extends DueTask>(due: readonly T[], wanted: QueueDemand): T[] {
  const { limit, agents, maxPerTenant = noLimit, maxPerOwner = noLimit } = wanted;
  const ofAgent = new Map<string, number>();
  const ofTenant = runsBy(wanted, ({ tenant }) => tenant);
  const ofOwner = runsBy(wanted, ({ owner }) => owner);
  const taken: T[] = [];
  for (const task of inTurns(due, wanted)) {
    if (taken.length >= limit) break;
    const [tenant, owner] = [ofTenant.get(task.tenant) ?? 0, ofOwner.get(task.owner) ?? 0];
    const agent = ofAgent.get(task.agent) ?? 0;
    if (
      tenant >= maxPerTenant(task.tenant) ||
      owner >= maxPerOwner(task.owner) ||
      agent >= (agents.get(task.agent) ?? 0)
    )
      continue;
    ofTenant.set(task.tenant, tenant + 1);
    ofOwner.set(task.owner, owner + 1);
    ofAgent.set(task.agent, agent + 1);
    taken.push(task);
  }
  return taken;
}

function inTurns<T extends DueTask>(due: readonly T[], wanted: QueueDemand): T[] {
  const [parties, owners] = [sharesBy(wanted, partyKey), sharesBy(wanted, ({ owner }) => owner)];
  const ofTenants = [...groups(due, partyKey)].flatMap(([key, tasks]) =>
    rank(tasks.sort(inQueueOrder), parties.get(key)),
  );
  const inOwners = ofTenants.sort(inRankOrder).map(({ task }) => task);
  return [...groups(inOwners, ({ owner }) => owner)]
    .flatMap(([owner, tasks]) => rank(tasks, owners.get(owner)))
    .sort(inRankOrder)
    .map(({ task }) => task);
}

const rank = <T>(tasks: readonly T[], { runs, served }: Readonly<Share> = NOTHING): Ranked<T>[] =>
  tasks.map((task, index) => ({ task, rank: runs + index, served: index === 0 ? served : served + JUST_NOW }));

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group) group.push(item);
    else found.set(keyOf(item), [item]);
  }
  return found;
}

type Party = Pick<TaskScope, 'tenant' | 'owner'>;

function sharesBy({ running = [] }: QueueDemand, keyOf: (party: Party) => string): Map<string, Share> {
  const shares = new Map<string, Share>();
  running.forEach((party, index) => {
    const share = shares.get(keyOf(party)) ?? { runs: 0, served: 0 };
    shares.set(keyOf(party), { runs: share.runs + party.runs, served: index + 1 });
  });
  return shares;
}

const runsBy = (wanted: QueueDemand, keyOf: (party: Party) => string): Map<string, number> =>
  new Map([...sharesBy(wanted, keyOf)].map(([key, { runs }]) => [key, runs]));

const partyKey = ({ tenant, owner }: Party): string => JSON.stringify([tenant, owner]);

const inRankOrder = <T extends DueTask>(a: Ranked<T>, b: Ranked<T>): number =>
  a.rank - b.rank || a.served - b.served || inQueueOrder(a.task, b.task);

/** The order of the run queue. */
export const inQueueOrder = (
  a: Pick<DueTask, 'notBefore' | 'taskId'>,
  b: Pick<DueTask, 'notBefore' | 'taskId'>,
): number => a.notBefore - b.notBefore || (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0);
