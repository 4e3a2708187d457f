import type { Edit } from './mutations.mjs';

/** The text with the edit made. Throws when what it replaces is not there exactly once. */
export function edited(text: string, edit: Edit): string;
