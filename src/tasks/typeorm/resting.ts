import type { SettledTasks } from '../task-store.interface.js';
import { toStored } from '../task-states.js';

/** On a2a_task, aliased `t`. The expression must equal that of the indexes. */
const RESTED_AT = 'coalesce(t.rested_at, t.status_at)';

/** Filters a2a_task, aliased `t`, with the values of `resting`. The planner must match the partial indexes, which list their states. */
export const RESTING = `t.agent = $1 and t.state = $2 and ${RESTED_AT} <= now() - $3::float8 * interval '1 ms'`;

export const LONGEST_FIRST = `${RESTED_AT}`;

export const resting = ({ agent, state, forMs }: SettledTasks): unknown[] => [agent, toStored(state), forMs];
