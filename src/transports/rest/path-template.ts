/** A path template of the specification, parsed. */
export interface PathTemplate {
  /** Number of segments. */
  readonly length: number;
  /** The verb after a colon in the last segment: `cancel`. */
  readonly verb?: string;
  /** In Express syntax. Without the verb, which Express cannot tell from a parameter. */
  readonly pattern: string;
  /** The parameters in the segments of a path, decoded. */
  values(segments: readonly string[]): Record<string, string>;
}

/** `{id}` or `{id}:cancel`. */
const PARAMETER = /^\{(\w+)\}(?::(\w+))?$/;

export function pathTemplate(path: string): PathTemplate {
  const segments = path
    .split('/')
    .slice(1)
    .map((text) => {
      const [, name, verb] = PARAMETER.exec(text) ?? [];
      return { text, name, verb };
    });
  return {
    length: segments.length,
    verb: segments.at(-1)?.verb,
    pattern: segments
      .map(({ text, name }) => (name === undefined ? text.replaceAll(':', '\\:') : `:${name}`))
      .join('/'),
    values: (given) =>
      Object.fromEntries(
        segments.flatMap(({ name, verb }, index) => {
          if (name === undefined) return [];
          const text = given[index] ?? '';
          return [[name, decodeURIComponent(verb === undefined ? text : text.slice(0, -verb.length - 1))]];
        }),
      ),
  };
}
