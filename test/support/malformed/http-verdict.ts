import type { HttpRequestBytes } from './malformed-http.js';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The beginning of it. */
  readonly body: string;
}

const STACK = /\n\s+at |node:internal|node_modules|\.[cm]?[jt]s:\d+:\d+/;
const INTERNAL = /"code":-32603|"code":500|"reason":"INTERNAL"/;

/** What is wrong with an answer to a malformed request; undefined: nothing. */
export function faultOf(request: HttpRequestBytes, { status, contentType, body }: HttpAnswer): string | undefined {
  if (status >= 500) return `status ${status}`;
  if (STACK.test(body)) return 'a stack trace';
  if (INTERNAL.test(body)) return 'an internal error';
  if (body === '') return status === 204 || status >= 300 || isBodiless(request) ? undefined : 'no body';
  if (contentType.startsWith('text/event-stream')) return undefined;
  if (!/^application\/(a2a\+)?json\b/.test(contentType)) return `content type '${contentType}'`;
  try {
    JSON.parse(body);
    return undefined;
  } catch {
    return 'a body that is not JSON';
  }
}

const isBodiless = ({ method }: HttpRequestBytes): boolean => method === 'HEAD' || method === 'OPTIONS';
