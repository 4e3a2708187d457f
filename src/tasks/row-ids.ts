/** Task ids are UUIDs in the form that this server writes. No other string is a task id. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Ids of inbox and outbox rows. */
export const isRowId = (text: string): boolean => /^[0-9]{1,18}$/.test(text);

/** Sorts before all task ids. Their order is roughly the order of creation. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
