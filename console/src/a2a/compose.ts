import type { Message, Part } from './parts.js';

export interface Draft {
  readonly text: string;
  readonly files: readonly AttachedFile[];
  /** JSON text of a data part; empty: none. */
  readonly data: string;
}

export interface AttachedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly base64: string;
}

/** Files of one message, in bytes: the service accepts requests of 10 MB, and base64 makes four of three. */
export const MAX_FILE_BYTES = 7_000_000;

/** What the draft says, as a message. Throws SyntaxError when its JSON is none. */
export function messageOf(
  draft: Draft,
  messageId: string,
  follows: { taskId?: string; contextId?: string } = {},
): Message {
  const parts: Part[] = [];
  if (draft.text !== '') parts.push({ text: draft.text });
  if (draft.data.trim() !== '') parts.push({ data: JSON.parse(draft.data) as never });
  for (const { name, mediaType, base64 } of draft.files) parts.push({ raw: base64, filename: name, mediaType });
  return { messageId, role: 'ROLE_USER', parts, ...follows };
}

export async function attach(file: File): Promise<AttachedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  // The arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return { name: file.name, mediaType: file.type || 'application/octet-stream', size: file.size, base64: btoa(binary) };
}

/** crypto.randomUUID exists only on HTTPS and on this machine. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
