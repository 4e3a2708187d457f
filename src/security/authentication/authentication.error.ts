import { A2AError, type A2AErrorOptions } from '../../protocol/errors/index.js';

/** A refused caller, with what the answer says in `WWW-Authenticate`. */
export class AuthenticationError extends A2AError {
  constructor(
    reason: 'UNAUTHENTICATED' | 'PERMISSION_DENIED',
    message: string,
    /** Empty if no scheme has a challenge. */
    readonly challenge: Readonly<Record<string, string>>,
    options: A2AErrorOptions = {},
  ) {
    super(reason, message, options);
  }
}
