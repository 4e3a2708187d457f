import { isUtf8 } from 'node:buffer';
import { A2AError, parseError } from '../../protocol/errors/index.js';

/** Nesting of arrays and objects in a request; more than that is nobody's data, and stacks overflow on it. */
export const MAX_JSON_DEPTH = 256;

/** @throws A2AError PARSE_ERROR: not UTF-8, not JSON, or nested too deep. */
export function parseJsonBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw new A2AError('PARSE_ERROR', 'Invalid JSON payload: it is not UTF-8.');
  const text = body.toString('utf8');
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new A2AError('PARSE_ERROR', `Invalid JSON payload: it is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw parseError();
  }
}

/** Looks at brackets outside of strings; stops at the first that is too deep. Says nothing of whether the text is JSON. */
export function isDeeperThan(text: string, max: number): boolean {
  // Each level has two brackets, or the text is not JSON.
  if (text.length <= 2 * max) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at + 1);
      if (at < 0) return false;
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > max) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
  return false;
}

function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return quote;
  }
  return -1;
}
