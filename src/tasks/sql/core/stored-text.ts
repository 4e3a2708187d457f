/** Text that every database takes: Postgres refuses U+0000. */
export const storedText = (text: string): string => text.replaceAll('\0', '\uFFFD');
