import type { TaskScope } from '../security/call-context.js';
import type { WaitingWanted } from './run-store.interface.js';

/** A task that waits for a start, and whose time has come. */
export interface DueTask extends Pick<TaskScope, 'tenant' | 'owner' | 'agent'> {
  readonly taskId: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
}

/** Whose turn it is, in order: the next is of whoever has least, what runs here and what was taken before counted. */
export function chooseWaiting<T extends DueTask>(due: readonly T[], wanted: WaitingWanted): T[] {
  const { limit, agents, maxPerTenant = Infinity, maxPerOwner = Infinity } = wanted;
  const [ofAgent, ofTenant, ofOwner] = [new Map<string, number>(), ...runningOf(wanted)];
  const taken: T[] = [];
  for (const task of ranked(due, ofOwner)) {
    if (taken.length >= limit) break;
    const [tenant, owner] = [ofTenant.get(task.tenant) ?? 0, ofOwner.get(ownerKey(task)) ?? 0];
    const agent = ofAgent.get(task.agent) ?? 0;
    if (tenant >= maxPerTenant || owner >= maxPerOwner || agent >= (agents.get(task.agent) ?? 0)) continue;
    ofTenant.set(task.tenant, tenant + 1);
    ofOwner.set(ownerKey(task), owner + 1);
    ofAgent.set(task.agent, agent + 1);
    taken.push(task);
  }
  return taken;
}

/** By what the owner has running when it is taken; then by time. */
function ranked<T extends DueTask>(due: readonly T[], running: ReadonlyMap<string, number>): T[] {
  const byOwner = new Map<string, T[]>();
  for (const task of due) {
    const tasks = byOwner.get(ownerKey(task));
    if (tasks) tasks.push(task);
    else byOwner.set(ownerKey(task), [task]);
  }
  return [...byOwner]
    .flatMap(([key, tasks]) =>
      tasks.sort(inLineOrder).map((task, index) => ({ task, rank: (running.get(key) ?? 0) + index })),
    )
    .sort((a, b) => a.rank - b.rank || inLineOrder(a.task, b.task))
    .map(({ task }) => task);
}

/** By tenant, and by owner. */
function runningOf({ running = [] }: WaitingWanted): [Map<string, number>, Map<string, number>] {
  const tenants = new Map<string, number>();
  for (const { tenant, runs } of running) tenants.set(tenant, (tenants.get(tenant) ?? 0) + runs);
  return [tenants, new Map(running.map((of) => [ownerKey(of), of.runs]))];
}

const ownerKey = ({ tenant, owner }: Pick<TaskScope, 'tenant' | 'owner'>): string => JSON.stringify([tenant, owner]);

/** The order of the line. */
export const inLineOrder = (
  a: Pick<DueTask, 'notBefore' | 'taskId'>,
  b: Pick<DueTask, 'notBefore' | 'taskId'>,
): number => a.notBefore - b.notBefore || (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0);
