/** Nesting of arrays and objects; more than that is nobody's data, and stacks overflow on it. */
export const MAX_JSON_DEPTH = 256;

/** Values of a request, or of an event: parsed, checked and stored in a part of a second. An array of 100,000 numbers fits in. */
export const DEFAULT_MAX_VALUES = 150_000;

/** Bytes of a request in any binding, and of an event. */
export const DEFAULT_MAX_MESSAGE_BYTES = 10_000_000;

export interface JsonLimits {
  /** Levels of arrays and objects. Default 256. */
  readonly maxDepth?: number;
  /** Values and keys of objects, together. Default: any number. */
  readonly maxValues?: number;
}

/**
 * What a JSON text has too much of, before anything is made of it: looks at the characters outside of strings, and stops at the
 * first that is too much. Says nothing of whether the text is JSON.
 */
export function jsonExcess(
  text: string,
  { maxDepth = MAX_JSON_DEPTH, maxValues = Infinity }: JsonLimits,
): 'depth' | 'values' | undefined {
  // Each level has two brackets, and each value a character and one that parts it from the next, or the text is not JSON.
  if (text.length <= 2 * Math.min(maxDepth, maxValues)) return undefined;
  let depth = 0;
  // A comma announces one more value, a colon the value of a key; a bracket that opens is a value with, maybe, one inside.
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at + 1);
      if (at < 0) return undefined;
    } else if (code === 0x2c || code === 0x3a) {
      if (++values > maxValues) return 'values';
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return 'depth';
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
      // The first inside was not announced; in an empty one there is none.
      if (!isOpening(text.charCodeAt(at - 1)) && ++values > maxValues) return 'values';
    }
  }
  return undefined;
}

const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;

function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return quote;
  }
  return -1;
}
