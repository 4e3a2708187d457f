/** What happens to the tables at the start: `run` brings them up to date, `check` refuses to start if they are not, `off` does neither. */
export type MigrationsAtStart = 'run' | 'check' | 'off';

export const MIGRATIONS_AT_START: readonly MigrationsAtStart[] = ['run', 'check', 'off'];

export const DEFAULT_MIGRATIONS: MigrationsAtStart = 'run';
