import { V10 } from './rpc.client.js';

export interface HttpReply<T> {
  readonly status: number;
  readonly body: T;
}

/** One call with a JSON body and a JSON answer; of v1.0 unless the headers say otherwise. */
export async function http<T>(
  url: string,
  { method = 'GET', body, headers = V10 }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<HttpReply<T>> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}
