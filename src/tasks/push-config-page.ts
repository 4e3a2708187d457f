import type { TaskScope } from '../security/call-context.js';
import { type ListPosition, decodePosition, encodePosition } from './position-token.js';
import type { PushConfig, PushConfigPage, PushConfigPageQuery } from './push-config-store.interface.js';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;

/** A config with its position among the configs of a task. */
export interface PlacedPushConfig {
  readonly config: PushConfig;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
}

/** The position after which the page starts; undefined: the first page. Throws INVALID_PARAMS. */
export function pushConfigPosition(
  { pageToken }: PushConfigPageQuery,
  scope: TaskScope,
  taskId: string,
): ListPosition | undefined {
  if (!pageToken) return undefined;
  return decodePosition(pageToken, boundTo(scope, taskId), 'belongs to another list; start without a token');
}

/** Builds a page of the configs behind its position. */
export function pushConfigPage(
  rows: readonly PlacedPushConfig[],
  query: PushConfigPageQuery,
  scope: TaskScope,
  taskId: string,
): PushConfigPage {
  const size = Math.min(Math.max(query.pageSize || DEFAULT_PAGE_SIZE, 1), MAX_PAGE_SIZE);
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = last !== undefined && rows.length > shown.length;
  return {
    configs: shown.map(({ config }) => config),
    nextPageToken: more ? encodePosition({ time: last.createdAt, id: last.config.id }, boundTo(scope, taskId)) : '',
  };
}

const boundTo = ({ owner, tenant, agent }: TaskScope, taskId: string): unknown[] => [
  'push configs',
  owner,
  tenant,
  agent,
  taskId,
];
