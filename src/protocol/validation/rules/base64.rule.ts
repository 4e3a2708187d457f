import { HasRule, problem } from './rule.js';

const DESCRIPTION = 'must be base64: standard alphabet, padded';
const FOREIGN = /[^A-Za-z0-9+/]/;

/** Looks once at each character: a pattern with groups would keep a backtracking stack as long as the text. */
export function isBase64(value: string): boolean {
  if (value.length % 4 !== 0) return false;
  const foreign = value.search(FOREIGN);
  if (foreign < 0) return true;
  const padding = value.slice(foreign, foreign + 3);
  return foreign >= value.length - 2 && (padding === '=' || padding === '==');
}

/** Base64 of the standard alphabet, padded (RFC 4648, section 4). */
export const IsBase64Text = (): PropertyDecorator =>
  HasRule('isBase64Text', (value) => (typeof value === 'string' && isBase64(value) ? undefined : problem(DESCRIPTION)));
