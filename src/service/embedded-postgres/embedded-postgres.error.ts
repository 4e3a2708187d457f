/** The embedded database cannot start. The message says why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The server responded, and waiting will not change its response. */
export class DatabaseRefusedError extends EmbeddedPostgresError {}

/** The `code` of a system error, from any realm. */
export const errorCode = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

export const errorText = (error: unknown): string =>
  (error as { message?: string } | undefined)?.message || String(error);

/** Alternatives to the embedded database, for messages that have no better advice. */
export const OTHER_DATABASES = 'set DATABASE_URL to your Postgres, or STORE=memory to keep tasks in memory only';
