import { InitialSchema1764500000000 } from './1764500000000-initial-schema.js';
import { AdminReads1764600000000 } from './1764600000000-admin-reads.js';
import { ApiKeys1764720000000 } from './1764720000000-api-keys.js';
import { Audit1764680000000 } from './1764680000000-audit.js';
import { CallRates1764700000000 } from './1764700000000-call-rates.js';
import { LegalHolds1764640000000 } from './1764640000000-legal-holds.js';

/** All migrations of nest-a2a, oldest first, for the `migrations` option of a DataSource of any SQL database. */
export const A2A_MIGRATIONS = [
  InitialSchema1764500000000,
  AdminReads1764600000000,
  LegalHolds1764640000000,
  Audit1764680000000,
  CallRates1764700000000,
  ApiKeys1764720000000,
];
