import type { ListTasksRequest } from '../protocol/model/index.js';
import type { TaskScope } from '../security/call-context.js';
import { listFilters } from './list-filters.js';
import { decodePosition, encodePosition } from './position-token.js';

/** Where a page of tasks ended. The next page starts after it. */
export interface PagePosition {
  /** RFC 3339 UTC. */
  readonly statusAt: string;
  readonly taskId: string;
}

/** A token that continues after `position`. It is bound to the filters and to the caller, not to page size or projection. */
export function encodePageToken({ statusAt, taskId }: PagePosition, query: ListTasksRequest, scope: TaskScope): string {
  return encodePosition({ time: statusAt, id: taskId }, boundTo(query, scope));
}

/** undefined: the first page. Throws INVALID_PARAMS (field pageToken) on a token that is not for this query and caller. */
export function decodePageToken(query: ListTasksRequest, scope: TaskScope): PagePosition | undefined {
  if (!query.pageToken) return undefined;
  const { time, id } = decodePosition(
    query.pageToken,
    boundTo(query, scope),
    'belongs to a list with other filters; repeat the filters of the first page, or start without a token',
  );
  return { statusAt: time, taskId: id };
}

function boundTo(query: ListTasksRequest, { owner, tenant, agent }: TaskScope): unknown[] {
  const { contextId, status, statusFrom } = listFilters(query);
  return [owner, tenant, agent, contextId, status, statusFrom];
}
