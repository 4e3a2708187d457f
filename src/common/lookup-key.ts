import { hash } from 'node:crypto';

/** Length of a key in characters. */
export const KEY_LENGTH = 43;

/**
 * A key for strings of clients: letters, digits, `-` and `_`. All keys have the same length, and two keys are equal only if the
 * strings are equal to the byte, however a database's collation treats case, accents and trailing spaces.
 */
export const lookupKey = (...parts: string[]): string => hash('sha256', JSON.stringify(parts), 'base64url');
