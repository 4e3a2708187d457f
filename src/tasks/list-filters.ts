import { invalidParams } from '../protocol/errors/index.js';
import type { ListTasksRequest, TaskState } from '../protocol/model/index.js';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;

/** The filters of a list, normalised: equal meanings have equal forms. An absent filter matches everything. */
export interface ListFilters {
  readonly contextId?: string;
  readonly status?: TaskState;
  /** Inclusive. RFC 3339 UTC with milliseconds. */
  readonly statusFrom?: string;
}

/** Empty strings and TASK_STATE_UNSPECIFIED count as absent. Throws INVALID_PARAMS when the time is not a valid time. */
export function listFilters({ contextId, status, statusTimestampAfter }: ListTasksRequest): ListFilters {
  const unspecified = (status as string | undefined) === 'TASK_STATE_UNSPECIFIED';
  return {
    ...(contextId && { contextId }),
    ...(status && !unspecified && { status }),
    ...(statusTimestampAfter && { statusFrom: statusFrom(statusTimestampAfter) }),
  };
}

/** 1 … 100; default 50. */
export const listPageSize = ({ pageSize }: ListTasksRequest): number =>
  Math.min(Math.max(pageSize || DEFAULT_PAGE_SIZE, 1), MAX_PAGE_SIZE);

/** Status times have millisecond precision: a fraction of a millisecond is rounded up. */
function statusFrom(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) {
    throw invalidParams([{ field: 'statusTimestampAfter', description: 'must be an RFC 3339 timestamp' }]);
  }
  const finer = /\.\d{3}\d*[1-9]/.test(timestamp) ? 1 : 0;
  return new Date(time.getTime() + finer).toISOString();
}
