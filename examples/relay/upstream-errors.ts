import { RelayError } from './relay.error.js';

const MAX_DETAIL_BYTES = 4096;
/** Seconds; a larger Retry-After is not passed on. */
const MAX_RETRY_AFTER = 86_400;

/** The error that a status other than 2xx is; the body, of which the beginning is read, is for the log. */
export async function errorOfStatus(
  response: Response,
  within: <T>(waiting: Promise<T>) => Promise<T>,
): Promise<RelayError> {
  const { status } = response;
  if (status === 401 || status === 403) {
    // Without the body: some APIs repeat parts of the key in it.
    return new RelayError('UPSTREAM_AUTH', `The model's API refused the relay's credentials (HTTP ${status}).`);
  }
  const detail = await beginningOf(response, within);
  if (status === 429) {
    const seconds = retryAfter(response.headers.get('retry-after'));
    const when = seconds === undefined ? 'later' : `in ${seconds} s`;
    return new RelayError('UPSTREAM_RATE_LIMITED', `The model's API is busy (HTTP 429). Try again ${when}.`, detail);
  }
  if (status >= 500) {
    return new RelayError('UPSTREAM_FAILED', `The model's API failed (HTTP ${status}). Try again later.`, detail);
  }
  return new RelayError('UPSTREAM_REFUSED', `The model's API refused the request (HTTP ${status}).`, detail);
}

function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return seconds >= 0 && seconds <= MAX_RETRY_AFTER ? seconds : undefined;
}

async function beginningOf({ body }: Response, within: <T>(waiting: Promise<T>) => Promise<T>): Promise<string> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader && size < MAX_DETAIL_BYTES) {
      const { done, value } = await within(reader.read());
      if (done) break;
      chunks.push(value);
      size += value.length;
    }
  } catch {
    // The status says it; what it says besides is not worth another error.
  }
  return Buffer.concat(chunks).subarray(0, MAX_DETAIL_BYTES).toString();
}
