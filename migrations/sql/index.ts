import { InitialSqlSchema1764000000000 } from './1764000000000-initial-schema.js';
import { SqlLeaseLength1764030000000 } from './1764030000000-lease-length.js';
import { SqlWebhookCounts1764430000000 } from './1764430000000-webhook-counts.js';

/** The migrations of nest-a2a for MySQL, MariaDB and SQLite, oldest first, for the `migrations` option of a DataSource. */
export const A2A_SQL_MIGRATIONS = [
  InitialSqlSchema1764000000000,
  SqlLeaseLength1764030000000,
  SqlWebhookCounts1764430000000,
];
