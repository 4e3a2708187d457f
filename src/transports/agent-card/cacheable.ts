import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isOver, sendJson } from '../http/http-reply.js';
import { isNotModified } from './conditional-get.js';

export interface CacheableDocument {
  readonly body: string;
  /** Strong: a hash of the bytes. */
  readonly etag: string;
}

export function cacheableDocument(content: object): CacheableDocument {
  const body = JSON.stringify(content);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}

export interface CacheRules {
  readonly maxAgeSeconds: number;
  readonly modified: Date;
  /** Further headers. */
  readonly headers?: OutgoingHttpHeaders;
}

/** Sends a public document with the headers of spec 8.6.1, or 304 to who has it. */
export function sendCacheable(
  request: IncomingHttpHeaders,
  response: ServerResponse,
  { body, etag }: CacheableDocument,
  { maxAgeSeconds, modified, headers }: CacheRules,
): void {
  const caching = {
    ...headers,
    etag,
    'last-modified': modified.toUTCString(),
    'cache-control': `public, max-age=${maxAgeSeconds}`,
  };
  if (!isNotModified(request, etag, modified)) sendJson(response, 200, body, caching);
  else if (!isOver(response)) response.writeHead(304, caching).end();
}
