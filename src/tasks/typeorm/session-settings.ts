import type pg from 'pg';

/** Settings of Postgres by their names; each in the unit that Postgres takes it in without one. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** How long a row that somebody else has locked is waited for, in ms. Each lock of ours is held by one short statement. */
export const LOCK_TIMEOUT_MS = 1_000;

/**
 * What every connection begins with, whatever the server, the database or the role say otherwise. The limits are the server's
 * own: a process that stands still, or whose network is gone, cannot enforce those of its side, and what it has locked or
 * begun would stay.
 */
export const SESSION: SessionSettings = {
  // What the statements are written for. With a stricter level concurrent ones fail.
  default_transaction_isolation: 'read committed',
  statement_timeout: 30_000,
  lock_timeout: LOCK_TIMEOUT_MS,
  // A process that stands still in a transaction keeps its rows locked for no longer.
  idle_in_transaction_session_timeout: 2_000,
  // Postgres 17: also counts while a statement has arrived in part, which no other limit does.
  transaction_timeout: 35_000,
  // In seconds: a peer that says nothing is asked after 10 s, and given up after 25 s …
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  // … or, in ms, when it does not take what is sent to it.
  tcp_user_timeout: 20_000,
  // Postgres 14: how often a statement looks whether anybody still waits for its answer, in ms.
  client_connection_check_interval: 2_000,
};

/** For work that takes as long as it takes: migrations. */
export const WITHOUT_LIMITS: SessionSettings = { statement_timeout: 0, lock_timeout: 0, transaction_timeout: 0 };

const LIMIT_MS = 5_000;

/** Leaves out what the server does not have, or has not on its platform. */
const PREPARE = `
select set_config(w.name, w.value, false) from unnest($1::text[], $2::text[]) as w(name, value)
where current_setting(w.name, true) is not null
  and (w.name <> 'client_connection_check_interval' or version() ~ '(linux|darwin|bsd)')`;

/** Makes the settings of a connection: `SESSION`, but for what `overrides` says. */
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
