import { Inject, Injectable, Optional } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { A2A_AUTHENTICATION, type Authentication } from '../../../security/authentication/authentication.js';
import { varyWith } from '../http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http-transport.options.js';

const METHODS = 'GET, HEAD, POST, DELETE';

/** Headers that clients of the protocol send. */
const SENT = [
  'Accept',
  'Authorization',
  'Content-Type',
  'A2A-Version',
  'A2A-Extensions',
  'X-A2A-Extensions',
  'Last-Event-ID',
  'If-None-Match',
  'X-Request-Id',
  'traceparent',
  'tracestate',
  'baggage',
];

/** Headers of answers that pages may read besides those that browsers always show. */
const EXPOSED = [
  'A2A-Extensions',
  'X-A2A-Extensions',
  'ETag',
  'Retry-After',
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
].join(', ');

/** How long a browser may keep what it was told, in seconds: the most that Chromium accepts. */
const MAX_AGE = '7200';

/** CORS of the routes of the protocol, as `http.cors` says. Without it nothing is set: the application may have its own. */
@Injectable()
export class Cors {
  readonly #origins: ReadonlySet<string>;
  readonly #sent: string;

  constructor(
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: Pick<HttpTransportOptions, 'cors'>,
    @Optional() @Inject(A2A_AUTHENTICATION) authentication?: Pick<Authentication, 'schemes'>,
  ) {
    const { cors } = options;
    this.#origins = new Set(cors?.origins);
    const keys = Object.values(authentication?.schemes ?? {}).flatMap((scheme) => {
      const key = 'apiKeySecurityScheme' in scheme ? scheme.apiKeySecurityScheme : undefined;
      return key?.location === 'header' ? [key.name] : [];
    });
    this.#sent = [...SENT, ...keys, ...(cors?.headers ?? [])].join(', ');
  }

  /** Sets the headers of a response. Answers a preflight, and returns true then. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.options.cors === undefined) return false;
    const { origin } = request.headers;
    const anyone = this.#origins.has('*');
    if (!anyone) response.setHeader('vary', varyWith(response, 'Origin'));
    const allowed = origin !== undefined && (anyone || this.#origins.has(origin));
    if (allowed) {
      response.setHeader('access-control-allow-origin', anyone ? '*' : origin);
      if (this.options.cors.credentials) response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-expose-headers', EXPOSED);
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
    if (allowed) {
      response.setHeader('access-control-allow-methods', METHODS);
      response.setHeader('access-control-allow-headers', this.#sent);
      response.setHeader('access-control-max-age', MAX_AGE);
    }
    response.writeHead(204).end();
    return true;
  }
}
