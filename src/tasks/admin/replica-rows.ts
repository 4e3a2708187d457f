import type { Replica } from '../run-store.interface.js';
import type { AdminReplicaRow } from './admin-rows.js';

/** The replicas in the order of their ids. `runs`: how many tasks each runs. */
export const replicaRows = (replicas: readonly Replica[], runs: ReadonlyMap<string, number>): AdminReplicaRow[] =>
  replicas
    .map(({ id, leaseMs, ageMs }) => ({
      id,
      ...(leaseMs !== undefined && { leaseMs }),
      ageMs: Math.max(Math.round(ageMs), 0),
      runs: runs.get(id) ?? 0,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
