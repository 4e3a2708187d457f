/** Ids of tasks are UUIDs as this server writes them; no other text is the id of a task. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Ids of inbox and outbox rows. */
export const isRowId = (text: string): boolean => /^[0-9]{1,18}$/.test(text);
