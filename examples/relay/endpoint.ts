import type { RelayOptions } from './relay.options.js';

export interface Endpoint {
  /** Without credentials: `fetch` refuses addresses that have some. */
  readonly address: string;
  /** Value of the header. */
  readonly authorization?: string;
  /** What no log may show. */
  readonly secrets: readonly string[];
}

/** Where to ask, and as whom. */
export function endpointOf({ baseUrl, apiKey }: Pick<RelayOptions, 'baseUrl' | 'apiKey'>): Endpoint {
  const url = new URL(baseUrl);
  const credentials = [url.username, url.password];
  const [user, password] = credentials.map(decoded);
  url.username = url.password = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  const basic = user || password ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined;
  const authorization = apiKey ? `Bearer ${apiKey}` : basic;
  const secrets = [apiKey, ...credentials, user, password].filter((secret): secret is string => Boolean(secret));
  return { address: url.href, secrets, ...(authorization !== undefined && { authorization }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
