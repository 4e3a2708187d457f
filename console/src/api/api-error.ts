/** What the API or the way to it answered instead of a result. */
export class ApiError extends Error {
  constructor(
    /** 0: no answer. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  get isUnauthorized(): boolean {
    return this.status === 401 || this.status === 403;
  }

  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export async function apiErrorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  return new ApiError(response.status, messageIn(text) ?? `The service answered ${response.status}.`);
}

/** Nest: `{message}`; this service: `{error: {message}}`. */
function messageIn(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { message?: unknown; error?: { message?: unknown } | string };
    const nested = typeof body.error === 'object' ? body.error?.message : undefined;
    const message = nested ?? body.message;
    return Array.isArray(message) ? message.join(' ') : typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
