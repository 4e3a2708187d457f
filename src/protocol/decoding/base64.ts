import type { Decode } from './shape.js';

/**
 * ProtoJSON `bytes`: base64 of the standard or the URL-safe alphabet, padded or not, becomes standard and padded. What is
 * not base64 is left as it is. Linear in time, and without regular expressions that backtrack: content may be megabytes.
 */
export const base64: Decode = (value) => {
  if (typeof value !== 'string') return value;
  const end = value.search(/[^A-Za-z0-9+/_-]/);
  const digits = end < 0 ? value.length : end;
  const padding = value.length - digits;
  const missing = (4 - (digits % 4)) % 4;
  if (missing === 3 || (padding > 0 && (padding !== missing || value.slice(digits) !== '='.repeat(missing))))
    return value;
  const standard = /[-_]/.test(value) ? value.replaceAll('-', '+').replaceAll('_', '/') : value;
  return padding === missing ? standard : standard + '='.repeat(missing);
};
