/** Authentication cannot work as it is configured. The message says what to do. */
export class AuthenticationBootError extends Error {
  override readonly name = 'AuthenticationBootError';
}
