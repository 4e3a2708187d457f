import type { SettledTasks } from '../task-store.interface.js';
import { toStored } from '../task-states.js';

/** Of a2a_task, named `t`; as the indexes have it. */
const RESTED_AT = 'coalesce(t.rested_at, t.status_at)';

/** Filters a2a_task, named `t`, by the values of `resting`; the plan must find the partial indexes, which name their states. */
export const RESTING = `t.agent = $1 and t.state = $2 and ${RESTED_AT} <= now() - $3::float8 * interval '1 ms'`;

export const LONGEST_FIRST = `${RESTED_AT}`;

export const resting = ({ agent, state, forMs }: SettledTasks): unknown[] => [agent, toStored(state), forMs];
