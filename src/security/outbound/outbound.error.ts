/**
 * `url`: not an http(s) URL, or one with credentials or a form that is not allowed. `address`: it leads to an address that is
 * neither public nor on the allow-list. `resolve`: the name has no address. `connect`: no connection, or it broke. `timeout`: the
 * total time limit. `aborted`: by the caller's signal. `response`: the response is too large, or not HTTP. `request`: a header or
 * method that cannot be sent.
 */
export type OutboundErrorCode =
  'url' | 'address' | 'resolve' | 'connect' | 'timeout' | 'aborted' | 'response' | 'request';

/**
 * An outbound request without a response. The message names at most the host: paths, queries, headers and bodies may contain
 * secrets. For the same reason it has no `cause`; `detail` is the system's code (`ECONNREFUSED`), if there is one.
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
