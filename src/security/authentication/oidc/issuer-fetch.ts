/** Bytes of an issuer's answer. */
const MAX_BYTES = 1024 * 1024;
/** Time without a further attempt after one has failed, in ms. */
const PAUSE_MS = 1_000;

/**
 * `fetch` for an issuer's configuration and keys: limited in time and bytes, without redirects. After a failure it fails at once for a
 * second, so that a flood of tokens does not become a flood of requests.
 */
export function issuerFetch(timeoutMs: number): (url: string, init?: RequestInit) => Promise<Response> {
  let failed: { readonly until: number; readonly error: unknown } | undefined;
  return async (url, init = {}) => {
    if (failed && Date.now() < failed.until) throw failed.error;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
      const ask = (): Promise<Response> => fetch(url, { ...init, redirect: 'manual', signal });
      // The issuer may have closed the connection that was kept since the last request.
      const response = await ask().catch((error: unknown) => (signal.aborted ? Promise.reject(error as Error) : ask()));
      const body = await limited(response, url);
      if (response.status !== 200) throw new Error(`${url} was answered with HTTP ${response.status}.`);
      failed = undefined;
      return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
    } catch (error) {
      failed = { until: Date.now() + PAUSE_MS, error };
      throw error;
    }
  };
}

async function limited(response: Response, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`The answer of ${url} is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
