import type pg from 'pg';

/** Settings of Postgres by name; numbers are in the setting's default unit. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** How long a statement waits for a row that another session has locked, in ms. Our locks last one short statement each. */
export const LOCK_TIMEOUT_MS = 1_000;

/**
 * Settings of every connection; they override those of the server, the database and the role. The server enforces the limits: a
 * process that hangs or has lost its network cannot enforce its own, and its locks and open transactions would stay.
 */
export const SESSION: SessionSettings = {
  // The statements are written for this level. At a stricter level concurrent statements fail.
  default_transaction_isolation: 'read committed',
  statement_timeout: 30_000,
  lock_timeout: LOCK_TIMEOUT_MS,
  // The longest time that a process which hangs in a transaction keeps its rows locked.
  idle_in_transaction_session_timeout: 2_000,
  // Postgres 17: it also counts while a statement has arrived only in part. No other limit does.
  transaction_timeout: 35_000,
  // In seconds: a silent peer is probed after 10 s, and dropped after 25 s …
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  // … or, in ms, when it does not acknowledge the data that is sent to it.
  tcp_user_timeout: 20_000,
  // Postgres 14: how often a running statement checks that its client is still connected, in ms.
  client_connection_check_interval: 2_000,
};

/**
 * For migrations, whose statements may take any time. A process that starts on a busy machine may stall for a while between two of
 * them; one that hangs must not keep the tables locked.
 */
export const MIGRATION_SESSION: SessionSettings = {
  statement_timeout: 0,
  lock_timeout: 0,
  transaction_timeout: 0,
  idle_in_transaction_session_timeout: 60_000,
};

const LIMIT_MS = 5_000;

/** Leaves out settings that the server or its platform does not support. */
const PREPARE = `
select set_config(w.name, w.value, false) from unnest($1::text[], $2::text[]) as w(name, value)
where current_setting(w.name, true) is not null
  and (w.name <> 'client_connection_check_interval' or version() ~ '(linux|darwin|bsd)')`;

/** Applies the settings of a connection: `SESSION` with `overrides`. */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  overrides: SessionSettings = {},
): Promise<void> {
  const settings = Object.entries({ ...SESSION, ...overrides });
  const statement: pg.QueryConfig & { query_timeout: number } = {
    text: PREPARE,
    values: [settings.map(([name]) => name), settings.map(([, value]) => String(value))],
    query_timeout: LIMIT_MS,
  };
  await client.query(statement);
}
