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
export function messageDigest({ messageId: _, ...message }: Message): string {
  return hash('sha256', canonicalJson(message, 'message'), 'hex');
}

/**
 * JSON with the keys of each object sorted by UTF-16 units. `of` a message and of a part, fields with their default are left out.
 * Validation limits the depth, so recursion is safe.
 */
function canonicalJson(value: unknown, of?: 'message' | 'part'): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let json = '';
  if (Array.isArray(value)) {
    // One call for a long array of scalars instead of one per value.
    if (of === undefined && value.every(isScalar)) return JSON.stringify(value);
    for (const item of value) json += (json === '' ? '' : ',') + canonicalJson(item, of);
    return `[${json}]`;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined || (of !== undefined && !CONTENT.has(key) && isDefault(member))) continue;
    const parts = of === 'message' && key === 'parts';
    json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member, parts ? 'part' : undefined)}`;
  }
  return `{${json}}`;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const isDefault = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : value === '';
