/** Members whose text is parsed here; the codecs parse numbers. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  includeArtifacts: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  // By its number, like any ProtoJSON enum.
  status: (text) => (/^\d{1,3}$/.test(text) ? Number(text) : text),
};

function read(name: string, text: string): unknown {
  const known = camelCase(name);
  return Object.hasOwn(READERS, known) ? READERS[known]!(text) : text;
}

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());

/**
 * The query of a URL as the params of a request (spec 11.5): names in camelCase or snake_case. A repeated name gives a list. No request has
 * a list in its query, so validation will name it.
 */
export function queryParameters(url: string): Record<string, unknown> {
  const start = url.indexOf('?');
  if (start < 0) return {};
  const values = new Map<string, unknown>();
  for (const [name, text] of new URLSearchParams(url.slice(start + 1))) {
    const before = values.get(name);
    if (Array.isArray(before)) before.push(text);
    else values.set(name, before === undefined ? read(name, text) : [before, text]);
  }
  return Object.fromEntries(values);
}
