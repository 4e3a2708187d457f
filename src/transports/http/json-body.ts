import { isUtf8 } from 'node:buffer';
import { A2AError, parseError } from '../../protocol/errors/index.js';
import { jsonExcess, MAX_JSON_DEPTH } from '../../protocol/json/json-excess.js';

/**
 * Parses a JSON body. A leading byte order mark is skipped.
 *
 * @throws A2AError PARSE_ERROR: not UTF-8, not JSON, nested too deep, or more than `maxValues` values and keys, which is checked
 * before parsing.
 */
export function parseJsonBody(body: Buffer, maxValues: number): unknown {
  if (!isUtf8(body)) throw invalid('it is not UTF-8.');
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const excess = jsonExcess(text, { maxValues });
  if (excess === 'depth') throw invalid(`it is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  if (excess === 'values') {
    throw invalid(`it holds more than ${maxValues} values and keys. Send less, or large content as a file.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw parseError();
  }
}

const invalid = (why: string): A2AError => new A2AError('PARSE_ERROR', `Invalid JSON payload: ${why}`);

const JSON_TYPES = new Set(['application/json', 'application/a2a+json']);

/** True for `application/json` and `application/a2a+json`, with any parameters. */
export function isJsonMediaType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (JSON_TYPES.has(contentType)) return true;
  const end = contentType.indexOf(';');
  return JSON_TYPES.has((end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase());
}
