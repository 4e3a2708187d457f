import { createHash } from 'node:crypto';
import { invalidParams } from '../protocol/errors/index.js';
import type { ListTasksRequest } from '../protocol/model/index.js';
import type { TaskScope } from '../security/call-context.js';
import { listFilters } from './list-filters.js';

/** Where a page ended: the sort key of its last task. The next page starts below it. */
export interface PagePosition {
  /** RFC 3339 UTC. */
  readonly statusAt: string;
  readonly taskId: string;
}

/** `t`: status time; `i`: task id; `f`: hash of the filters and the caller's scope. */
interface TokenContent {
  readonly t: string;
  readonly i: string;
  readonly f: string;
}

const MAX_LENGTH = 4096;
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/**
 * An opaque token (base64url) that goes on after `position`. It is bound to the filters and to the caller, not to page size
 * and projection. It is no secret and proves nothing: queries are scoped by the caller whatever a token says.
 */
export function encodePageToken(position: PagePosition, query: ListTasksRequest, scope: TaskScope): string {
  const content: TokenContent = { t: position.statusAt, i: position.taskId, f: fingerprint(query, scope) };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** undefined: the first page. Throws INVALID_PARAMS (field pageToken) on a token that is not for this query and caller. */
export function decodePageToken(query: ListTasksRequest, scope: TaskScope): PagePosition | undefined {
  if (!query.pageToken) return undefined;
  const content = parse(query.pageToken);
  if (!content) throw refusal('is not a token that this server gave');
  if (content.f !== fingerprint(query, scope)) {
    throw refusal(
      'belongs to a list with other filters; repeat the filters of the first page, or start without a token',
    );
  }
  return { statusAt: content.t, taskId: content.i };
}

const refusal = (description: string): Error => invalidParams([{ field: 'pageToken', description }]);

function fingerprint(query: ListTasksRequest, { owner, tenant, agent }: TaskScope): string {
  const { contextId, status, statusFrom } = listFilters(query);
  const parts = JSON.stringify([owner, tenant, agent, contextId, status, statusFrom]);
  return createHash('sha256').update(parts).digest('base64url').slice(0, 22);
}

function parse(token: string): TokenContent | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  try {
    const { t, i, f } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (typeof t !== 'string' || typeof i !== 'string' || typeof f !== 'string') return undefined;
    return isTime(t) && isId(i) ? { t, i, f } : undefined;
  } catch {
    return undefined;
  }
}

/** Forged tokens must not reach the storage with values that it cannot read. */
const isTime = (text: string): boolean =>
  TIME.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text.slice(0, 10));

const isId = (text: string): boolean => text.length <= 512 && text.isWellFormed() && !text.includes('\0');
