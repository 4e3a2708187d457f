/** Members whose text is to be read as something else; numbers are read by the codecs. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  includeArtifacts: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  // By its number, as any ProtoJSON enum.
  status: (text) => (/^\d{1,3}$/.test(text) ? Number(text) : text),
};

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());

/**
 * The query of a url as the params of a request (spec 11.5): names in camelCase or snake_case. A name that is there more than
 * once is a list, which no request has in its query: validation will name it.
 */
export function queryParameters(url: string): Record<string, unknown> {
  const start = url.indexOf('?');
  if (start < 0) return {};
  const values = new Map<string, unknown>();
  const query = new URLSearchParams(url.slice(start + 1));
  for (const name of new Set(query.keys())) {
    const given = query.getAll(name);
    const read = Object.hasOwn(READERS, camelCase(name)) ? READERS[camelCase(name)] : undefined;
    values.set(name, given.length > 1 ? given : read === undefined ? given[0] : read(given[0]!));
  }
  return Object.fromEntries(values);
}
