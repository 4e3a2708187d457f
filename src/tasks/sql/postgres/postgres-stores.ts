import type { DataSource } from 'typeorm';
import { type SqlStores, sqlStores } from '../core/sql-stores.js';
import type { SqlStoresOptions } from '../core/sql-stores.options.js';
import { PostgresAppends } from './append-writer.js';
import { PostgresCreates } from './create-writer.js';
import { groupedPages } from './event-pages.js';
import { postgresLeases } from './lease-connection.js';
import { LeaseWriter } from './lease-writer.js';
import { PostgresDeliveryRows } from './delivery-rows.js';
import { PostgresDatabase } from './postgres.database.js';
import { PostgresRunQueue } from './run-queue.js';
import { PostgresTaskContent } from './task-content.js';
import { estimatedTotals } from './task-estimate.js';

/**
 * The stores on an initialized DataSource of type postgres whose schema is up to date (`runMigrations`). Besides its pool they
 * open three connections of their own, with the same credentials: two for writes, and one for the lease, which a busy pool must
 * not delay. Session state must survive between statements (no PgBouncer in transaction mode).
 */
export function postgresStores(dataSource: DataSource, options: SqlStoresOptions = {}): SqlStores {
  const { statementTimeoutMs } = options;
  const db = PostgresDatabase.of(dataSource, statementTimeoutMs);
  const connection = db.pool.options;
  const leases = new LeaseWriter(connection);
  const stores = sqlStores(db, options, {
    creates: new PostgresCreates(connection, { statementTimeoutMs }),
    appends: new PostgresAppends(connection, { statementTimeoutMs }),
    pages: groupedPages(db),
    content: new PostgresTaskContent(db),
    lists: estimatedTotals(db),
    queue: new PostgresRunQueue(db),
    deliveries: (owed) => new PostgresDeliveryRows(db, owed),
    leases,
    leaseSource: postgresLeases(connection),
  });
  return { ...stores, close: async () => void (await Promise.all([stores.close(), leases.close()])) };
}
