/**
 * `url`: not an http(s) url, or one with credentials or a form that is not allowed. `address`: it leads to an address that is not
 * public and not on the allow-list. `resolve`: the name has no address. `connect`: no connection, or it broke. `timeout`: the
 * total time limit. `aborted`: by the caller's signal. `response`: the answer is too large, or no HTTP. `request`: a header or
 * method that cannot be sent.
 */
export type OutboundErrorCode =
  'url' | 'address' | 'resolve' | 'connect' | 'timeout' | 'aborted' | 'response' | 'request';

/**
 * An outgoing call that got no answer. The message names the host at most: paths, queries, headers and bodies can hold secrets.
 * For the same reason it has no `cause`; `detail` is the system's code (`ECONNREFUSED`), if there is one.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
  }
}
