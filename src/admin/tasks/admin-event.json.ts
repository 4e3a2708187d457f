import type { AdminEventRow } from '../../tasks/admin/admin-rows.js';
import type { AdminEvent } from '../../tasks/admin/admin-store.interface.js';

export const eventRow = ({ seq, at, kind, fence, bytes, trace }: AdminEvent): AdminEventRow => ({
  seq,
  ...(at !== undefined && { at }),
  kind,
  fence,
  bytes,
  ...(trace && { trace }),
});

/** An `AdminEventJson` as text. The event itself is JSON already, and is not parsed. */
export const eventJson = (event: AdminEvent): string =>
  `${JSON.stringify(eventRow(event)).slice(0, -1)},"event":${event.event.text}}`;
