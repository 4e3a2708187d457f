/** Ids of tasks are UUIDs as this server writes them; no other text is the id of a task. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Ids of inbox and outbox rows. */
export const isRowId = (text: string): boolean => /^[0-9]{1,18}$/.test(text);

/** Before all ids of tasks in their order, which is about that of their making. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
