import type { Params } from '../../api/client.js';
import { stateOf } from '../../format/states.js';

/** The filters as they stand in the address, each optional. */
export const FILTERS = [
  'agent',
  'owner',
  'tenant',
  'state',
  'contextId',
  'from',
  'to',
  'reason',
  'queued',
  'runOwner',
] as const;
export type FilterName = (typeof FILTERS)[number];
export type TaskFilter = Readonly<Partial<Record<FilterName, string>>>;

export function filterIn(query: Readonly<Record<string, string>>): TaskFilter {
  return Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}

/** Short states of the address: 'failed,rejected'. Names that are no state are left out. */
export const statesIn = (text: string | undefined): string[] =>
  (text ?? '').split(',').filter((short) => stateOf(short) !== undefined);

/** Times stand in the address as local times of a field: 2026-11-29T14:03. */
export function millisecondsOf(local: string | undefined): number | undefined {
  const ms = local ? Date.parse(local) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

export function taskParams(filter: TaskFilter): Params {
  const { state, from, to, queued, ...rest } = filter;
  const states = statesIn(state).map((short) => stateOf(short) as string);
  return {
    ...rest,
    state: states.length > 0 ? states : undefined,
    from: iso(from),
    to: iso(to),
    queued: queued && 'true',
  };
}

const iso = (local: string | undefined): string | undefined => {
  const ms = millisecondsOf(local);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};
