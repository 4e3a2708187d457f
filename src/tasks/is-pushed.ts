import type { PendingEvent } from './pending-event.js';

/**
 * Whether webhooks hear of an event: of each status and each whole artifact, but not of the chunks of an artifact that
 * grows, save its last.
 */
export function isPushed(event: PendingEvent): boolean {
  if (event.kind !== 'artifact') return true;
  const { data } = event;
  if (!data.includes('"append":true')) return true;
  // The shape that nearly every chunk has; only a member of the event itself can stand before its closing brace.
  if (data.endsWith('"append":true}') && !data.includes('"lastChunk":true')) return false;
  const { append, lastChunk } = JSON.parse(data) as { append?: boolean; lastChunk?: boolean };
  return !append || lastChunk === true;
}
