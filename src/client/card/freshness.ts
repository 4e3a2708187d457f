/** How long a response may be used, in seconds. */
export interface Freshness {
  readonly maxAge: number;
  readonly staleIfError: number;
}

export interface FreshnessOptions {
  readonly defaultMaxAge: number;
  readonly maxAge: number;
  readonly staleIfError: number;
}

/** A card that must not be cached is fetched at most once in this time, in seconds: each call needs it. */
const LEAST = 5;

/** What `Cache-Control` and `Age` allow, within the options. RFC 9111, 4.2; RFC 5861. */
export function freshnessOf(
  header: (name: string) => string | undefined,
  { defaultMaxAge, maxAge, staleIfError }: FreshnessOptions,
): Freshness {
  const directives = directivesOf(header('cache-control') ?? '');
  const never = directives.has('no-store') || directives.has('no-cache');
  const said = never ? 0 : secondsOf(directives.get('max-age'));
  const age = secondsOf(header('age')) ?? 0;
  const left = said === undefined ? defaultMaxAge : Math.max(0, said - age);
  const strict = directives.has('no-store') || directives.has('must-revalidate');
  return {
    maxAge: Math.min(maxAge, Math.max(LEAST, left)),
    staleIfError: strict ? 0 : Math.min(staleIfError, secondsOf(directives.get('stale-if-error')) ?? staleIfError),
  };
}

function directivesOf(header: string): Map<string, string> {
  return new Map(
    header.split(',').map((directive) => {
      const [name = '', value = ''] = directive.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
}

const secondsOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
