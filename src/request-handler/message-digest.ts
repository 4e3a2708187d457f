import { hash } from 'node:crypto';
import type { Message } from '../protocol/model/index.js';

/**
 * SHA-256, in hex, of what a message says: all its fields but `messageId`. Two sends of one messageId are the same send when
 * their digests are equal. Take it of the message as it passed validation, before the server puts ids into it. The order of
 * keys makes no difference; an absent field and an empty one do.
 */
export function messageDigest(message: Message): string {
  const { messageId: _, ...content } = message;
  return hash('sha256', canonicalJson(content), 'hex');
}

/** JSON with the keys of each object sorted by UTF-16 units. Validation bounds the depth, so it may recurse. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  }
  return `{${members.join(',')}}`;
}
