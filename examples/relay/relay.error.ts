export type RelayReason =
  | 'UPSTREAM_AUTH'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_REFUSED'
  | 'UPSTREAM_FAILED'
  | 'UPSTREAM_UNREACHABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_MALFORMED'
  | 'UPSTREAM_INCOMPLETE';

/** What went wrong with the model's API. The message is for the client; `detail` is for the log of the operator. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  constructor(
    readonly reason: RelayReason,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
  }
}
