import { MIGRATIONS_AT_START } from '../tasks/sql/migrations/migrations-at-start.js';

/** Throws TypeError unless `value` is left out or one of the words. `storage` is the function that takes the option. */
export function checkMigrationsOption(storage: string, value: unknown): void {
  if (value === undefined || (MIGRATIONS_AT_START as readonly unknown[]).includes(value)) return;
  throw new TypeError(`${storage}: migrations must be 'run', 'check' or 'off', but is '${String(value)}'.`);
}
