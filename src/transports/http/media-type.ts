const JSON_TYPES = new Set(['application/json', 'application/a2a+json']);

/** True for `application/json` and `application/a2a+json`, whatever their parameters. */
export function isJsonMediaType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (JSON_TYPES.has(contentType)) return true;
  const end = contentType.indexOf(';');
  return JSON_TYPES.has((end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase());
}
