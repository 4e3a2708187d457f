import { A2AClientHTTPError, A2ARemoteError } from '../errors/client.errors.js';
import { checkHeaders } from '../options/client.options.check.js';
import type { HeadersRequest, HeadersSource } from '../options/client.options.js';
import { waitFor } from '../http/signals.js';

/** The user's headers, obtained for each request. */
export class Credentials {
  /** What the agent requires, from its last 401. */
  challenge?: string;

  constructor(private readonly source: HeadersSource = {}) {}

  /** Whether other credentials may be available when the agent refuses these. */
  get canRefresh(): boolean {
    return typeof this.source === 'function';
  }

  /** Names in lower case. @throws what the function throws, TypeError when it returns no headers. */
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
