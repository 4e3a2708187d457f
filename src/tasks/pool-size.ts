/** Connections of a pool, on any database. */
export const DEFAULT_POOL_SIZE = 10;
