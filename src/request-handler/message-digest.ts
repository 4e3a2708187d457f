import { hash } from 'node:crypto';
import type { Message } from '../protocol/model/index.js';

/** The content of a part: here an empty value differs from none. */
const CONTENT: ReadonlySet<string> = new Set(['text', 'raw', 'url', 'data']);

/**
 * SHA-256, in hex, of what a message means: all its fields but `messageId`. Two sends of one messageId are the same send when their digests
 * are equal. Compute it from the validated message, before the server adds ids. The order of keys does not matter, nor does an explicit
 * default (`metadata: {}`, `extensions: []`, `filename: ''`). Content of `metadata` and `data` belongs to the client: there, empty and
 * absent differ.
 */
export function messageDigest({ messageId: _, parts, ...fields }: Message): string {
  return hash('sha256', canonicalJson({ ...withoutDefaults(fields), parts: parts.map(withoutDefaults) }), 'hex');
}

/** The fields that differ from their default. */
const withoutDefaults = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => CONTENT.has(name) || !isDefault(value)));

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === undefined;
}

/** JSON with the keys of each object sorted by UTF-16 units. Validation limits the depth, so recursion is safe. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    // One call for a long array of scalars instead of one per value.
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
