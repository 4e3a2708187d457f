import { A2AClientHTTPError, A2ARemoteError } from '../errors/client.errors.js';
import { checkHeaders } from '../options/client.options.check.js';
import type { HeadersRequest, HeadersSource } from '../options/client.options.js';
import { waitFor } from '../http/signals.js';

/** The headers that the client's user gives, for each request anew. */
export class Credentials {
  /** What the agent wants, as it said with its last 401. */
  challenge?: string;

  constructor(private readonly source: HeadersSource = {}) {}

  /** Others may be had when the agent refuses those. */
  get canRefresh(): boolean {
    return typeof this.source === 'function';
  }

  /** Names in lower case. @throws what the function throws, TypeError when it gives no headers. */
  async for(request: HeadersRequest): Promise<Record<string, string>> {
    const { source } = this;
    const headers =
      typeof source === 'function' ? await waitFor(Promise.resolve(source(request)), request.signal) : source;
    checkHeaders(headers);
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  }
}

export const isUnauthenticated = (error: unknown): boolean =>
  (error instanceof A2ARemoteError && error.reason === 'UNAUTHENTICATED') ||
  (error instanceof A2AClientHTTPError && error.status === 401);
