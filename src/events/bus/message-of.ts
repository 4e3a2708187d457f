/** What an error says, in one line. The errors of drivers are not logged whole: some hold the credentials they were made with. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message || code;
}
