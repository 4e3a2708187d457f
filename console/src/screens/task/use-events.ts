import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AdminEventJson, AdminList } from '../../../../src/admin/admin-api.types.js';
import type { StreamResponse } from '../../a2a/parts.js';
import { getJson } from '../../api/client.js';

/** An event with what it carries, as a v1.0 StreamResponse. */
export type TimelineEvent = Omit<AdminEventJson, 'event'> & { readonly event: StreamResponse };

const PAGE = 128;

/** The events from..to (numbers of events, both included) of a task; pages around them are kept for a while. */
export function useEvents(id: string, from: number, to: number, lastSeq: number) {
  const first = Math.floor((Math.max(1, from) - 1) / PAGE);
  const last = Math.floor((Math.max(1, Math.min(to, lastSeq)) - 1) / PAGE);
  const pages = Array.from({ length: lastSeq === 0 ? 0 : last - first + 1 }, (_, index) => first + index);
  const results = useQueries({
    queries: pages.map((page) => {
      const end = Math.min(lastSeq, (page + 1) * PAGE);
      return {
        queryKey: ['events', id, page, end],
        queryFn: ({ signal }: { signal: AbortSignal }) => readPage(id, page * PAGE, end, signal),
        staleTime: Infinity,
        gcTime: 60_000,
        placeholderData: keepPreviousData,
      };
    }),
  });
  const error = results.find((result) => result.error)?.error ?? null;
  const eventAt = useCallback(
    (seq: number): TimelineEvent | undefined => {
      const page = results[Math.floor((seq - 1) / PAGE) - first]?.data;
      return page?.get(seq);
    },
    [results, first],
  );
  return { eventAt, error };
}

/** One event more than the page has, before it: its time is where the first gap begins. Answers may end early, by bytes. */
async function readPage(
  id: string,
  after: number,
  end: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, TimelineEvent>> {
  const events = new Map<number, TimelineEvent>();
  for (let at = Math.max(0, after - 1); at < end;) {
    const { rows } = await getJson<AdminList<TimelineEvent>>(
      `tasks/${encodeURIComponent(id)}/events`,
      { after: at, limit: Math.min(256, end - at) },
      signal,
    );
    for (const event of rows) events.set(event.seq, event);
    const last = rows.at(-1)?.seq;
    if (last === undefined || last <= at) break;
    at = last;
  }
  return events;
}
