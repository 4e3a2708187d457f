/** The embedded database cannot start; the message says why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The server answers, and waiting will not change its answer. */
export class DatabaseRefusedError extends EmbeddedPostgresError {}

/** The `code` of a system error, whatever realm the error comes from. */
export const errorCode = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

export const errorText = (error: unknown): string =>
  (error as { message?: string } | undefined)?.message || String(error);

/** How to do without the embedded database; the end of each message that has no better advice. */
export const OTHER_DATABASES = 'set DATABASE_URL to your Postgres, or STORE=memory to keep tasks in memory only';
