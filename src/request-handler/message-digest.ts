import { hash } from 'node:crypto';
import type { Message } from '../protocol/model/index.js';

/** What a part holds: here an empty value is not the same as none. */
const CONTENT: ReadonlySet<string> = new Set(['text', 'raw', 'url', 'data']);

/**
 * SHA-256, in hex, of what a message means: all its fields but `messageId`. Two sends of one messageId are the same send when
 * their digests are equal. Take it of the message as it passed validation, before the server puts ids into it. The order of
 * keys makes no difference, nor does a default that is written out (`metadata: {}`, `extensions: []`, `filename: ''`). What
 * is below `metadata` and `data` is the client's own: there, empty and absent differ.
 */
export function messageDigest({ messageId: _, parts, ...fields }: Message): string {
  return hash('sha256', canonicalJson({ ...withoutDefaults(fields), parts: parts.map(withoutDefaults) }), 'hex');
}

/** The fields that say something. */
const withoutDefaults = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => CONTENT.has(name) || !isDefault(value)));

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === undefined;
}

/** JSON with the keys of each object sorted by UTF-16 units. Validation bounds the depth, so it may recurse. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    // One call for all of a long array, and not one for each of its values.
    return value.every(isScalar) ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  }
  const object = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  }
  return `{${members.join(',')}}`;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;
