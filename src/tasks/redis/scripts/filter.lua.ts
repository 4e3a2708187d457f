import type { RetentionFact, RetentionFilter } from '../../core/retention-filter.js';
import { TASK_FILTERS, type TaskFilter } from '../../core/task-filter.js';

/** The condition on a row `r` for a filter. `message`: a message waits for the task. */
const condition = ({ runBy, queued, hasMessage, awaitsClient }: TaskFilter): string =>
  [
    'not TERMINAL[r.state]',
    ...(runBy === 'nobody' ? [`r.run == ''`] : []),
    ...(queued === undefined ? [] : [`r.waits ${queued ? '~=' : '=='} ''`]),
    ...(hasMessage === undefined ? [] : [hasMessage ? 'message' : 'not message']),
    ...(awaitsClient === undefined ? [] : [`${awaitsClient ? '' : 'not '}(RESTING[r.state] and r.cancel == '')`]),
  ].join(' and ');

export const QUEUED = condition({ runBy: 'nobody', queued: true });
export const WITH_MESSAGE = condition(TASK_FILTERS.withMessage);
export const FORGOTTEN = condition(TASK_FILTERS.forgotten);

const NOT: Readonly<Record<RetentionFact, string>> = {
  held: 'not held(r)',
  owesDeliveries: 'not owes(r.id)',
  /** Only those that may be trimmed are in the index. */
  trimmed: 'true',
  running: `r.run == ''`,
  queued: `r.waits == ''`,
  hasMessage: `call('EXISTS', P .. 'i:' .. r.id) == 0`,
};

/** The condition on a row `r` for a filter of retention. */
export const retentionLua = ({ ended, not }: RetentionFilter): string =>
  [ended ? 'TERMINAL[r.state]' : 'RESTING[r.state] and not TERMINAL[r.state]', ...not.map((fact) => NOT[fact])].join(
    ' and ',
  );
