import type { Artifact, Message, Part, StreamResponse } from '../../../src/protocol/model/index.js';

export type { AgentCard, Artifact, Message, Part, StreamResponse, Task } from '../../../src/protocol/model/index.js';

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** One line that says what an event says. */
export function summaryOf(event: StreamResponse): string {
  if ('statusUpdate' in event) return textOf(event.statusUpdate.status.message) || '';
  if ('artifactUpdate' in event) {
    const { artifact, append } = event.artifactUpdate;
    return `${append ? '+ ' : ''}${artifact.name ?? artifact.artifactId}: ${artifact.parts.map(partSummary).join(' ')}`;
  }
  if ('task' in event) return textOf(event.task.history?.[0] ?? event.task.status.message);
  return textOf(event.message);
}

export const textOf = (message: Message | undefined): string => message?.parts.map(partSummary).join(' ') ?? '';

const LINE = 200;

function partSummary(part: Part): string {
  if ('text' in part && part.text !== undefined) return part.text.slice(0, LINE).replace(/\s+/g, ' ');
  if ('raw' in part) return `[${part.filename ?? part.mediaType ?? 'file'}]`;
  if ('url' in part) return `[${part.filename ?? part.url}]`;
  return JSON.stringify((part as { data?: unknown }).data)?.slice(0, LINE) ?? '';
}

/** A status that carries a message of the client begins a further turn. */
export const isFollowUp = (event: StreamResponse): boolean =>
  'statusUpdate' in event && event.statusUpdate.status.message?.role === 'ROLE_USER';

/** All text of an artifact as one: streamed texts arrive in many parts. */
export function joined(parts: Artifact['parts']): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (isText(part) && last && isText(last) && part.mediaType === last.mediaType && part.filename === last.filename) {
      result[result.length - 1] = { ...last, text: last.text + part.text };
    } else result.push(part);
  }
  return result;
}

const isText = (part: Part): part is Extract<Part, { text: string }> => 'text' in part && typeof part.text === 'string';
