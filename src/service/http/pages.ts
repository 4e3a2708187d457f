import type { HttpServer, INestApplication } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatusOf, toHttpErrorBody } from '../../protocol/errors/index.js';
import { pathOf } from '../../transports/http/a2a-paths.js';
import { beforeRequests } from '../../transports/http/before-requests.js';
import type { BrowserRules } from '../../transports/http/browsers/browser.rules.js';
import { sendJson } from '../../transports/http/http-reply.js';

/** Headers of all pages that the service itself serves: few enough to write here. */
export const SAFE_PAGE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Swagger UI has its scripts in files, and its styles and images in the page. "Try it out" sends requests to the server and to the issuer
 * of tokens, which may be anywhere.
 */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  'connect-src *',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DOCS = /^\/docs(?:[/-].*)?$/i;

type HostRules = Pick<BrowserRules, 'hostProblem'>;

/** Answers a request that knows the server by a wrong name, and returns true then. */
export function refusedByHost(rules: HostRules, request: IncomingMessage, response: ServerResponse): boolean {
  const problem = rules.hostProblem(request);
  if (problem === undefined) return false;
  sendJson(response, httpStatusOf(problem), JSON.stringify(toHttpErrorBody(problem)));
  return true;
}

/** Refuses the documentation to clients that know the server by a wrong name, and makes it safe to show. */
export function protectPages(app: INestApplication, rules: HostRules): void {
  beforeRequests(app.getHttpAdapter() as HttpServer, (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (!DOCS.test(path)) return false;
    if (refusedByHost(rules, request, response)) return true;
    response.setHeader('content-security-policy', DOCS_POLICY);
    for (const [name, value] of Object.entries(SAFE_PAGE)) response.setHeader(name, value);
    return false;
  });
}
