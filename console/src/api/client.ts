import { apiUrl } from './addresses.js';
import { ApiError, apiErrorOf } from './api-error.js';
import { authorization } from './credentials.js';

export type Params = Readonly<Record<string, string | number | readonly string[] | undefined>>;

function withParams(path: string, params: Params): URL {
  const url = apiUrl(path);
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url;
}

async function request(url: URL, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-store', credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The service cannot be reached.');
  }
  if (!response.ok) throw await apiErrorOf(response);
  return response;
}

export async function getJson<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await request(withParams(path, params), {
    headers: { accept: 'application/json', ...authorization() },
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as T;
}

/** A change. The header tells the service that no form of another site sent it. */
export async function change(method: 'POST' | 'DELETE', path: string): Promise<void> {
  await request(apiUrl(path), { method, headers: { 'x-a2a-admin': '1', ...authorization() } });
}

export async function openStream(path: string, params: Params, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'text/event-stream', ...authorization() };
  return request(withParams(path, params), { headers, signal });
}
