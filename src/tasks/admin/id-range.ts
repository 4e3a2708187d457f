/** How far the clock that made an id may differ from the storage's, in ms. */
const CLOCKS_DIFFER_MS = 60_000;

/** The last time that every storage can write: the end of the year 9999. */
const MAX_TIME = 253_402_300_799_999;

/** A time as a filter takes it: in the range of storages. */
export const boundedTime = (ms: number): number => Math.min(Math.max(Math.trunc(ms), 0), MAX_TIME);

/** All ids that are made at this time or later are at least this. Ids of tasks begin with the time, as UUIDs of version 7. */
export function idAt(ms: number): string {
  const time = boundedTime(ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** Ids of tasks that were created at this time or later by the storage's clock are at least this. */
export const firstIdSince = (ms: number): string => idAt(ms - CLOCKS_DIFFER_MS);

/** Ids of tasks that were created before this time by the storage's clock are less than this. */
export const firstIdAfter = (ms: number): string => idAt(ms + CLOCKS_DIFFER_MS);
