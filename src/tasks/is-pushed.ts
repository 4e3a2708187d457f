import type { PendingEvent } from './pending-event.js';

/**
 * Whether an event goes to webhooks: every status and every whole artifact, but of an artifact that grows in chunks only the last
 * chunk.
 */
export function isPushed(event: PendingEvent): boolean {
  if (event.kind !== 'artifact') return true;
  const { data } = event;
  if (!data.includes('"append":true')) return true;
  // Nearly every chunk has this shape: only a member of the event itself can precede its closing brace.
  if (data.endsWith('"append":true}') && !data.includes('"lastChunk":true')) return false;
  const { append, lastChunk } = JSON.parse(data) as { append?: boolean; lastChunk?: boolean };
  return !append || lastChunk === true;
}
