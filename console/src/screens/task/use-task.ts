import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdminEventJson } from '../../../../src/admin/admin-api.types.js';
import { taskQuery } from '../../api/queries.js';
import { isTerminal } from '../../format/states.js';
import { useLive } from '../../live/use-live.js';

/** A task and the number of its newest event, followed live until it ends. */
export function useTask(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    ...taskQuery(id),
    // The stream says what is new; this is for when it says nothing: a cancel request, a new run owner.
    refetchInterval: ({ state }) => (state.data && isTerminal(state.data.state) ? false : 5_000),
  });
  const [streamed, setStreamed] = useState(0);
  const known = query.data?.lastSeq ?? 0;
  const lastSeq = Math.max(known, streamed);
  const ended = query.data !== undefined && isTerminal(query.data.state);
  const live = useLive<AdminEventJson>(
    query.data && !ended ? `tasks/${encodeURIComponent(id)}/events/stream` : undefined,
    () => ({ after: lastSeq }),
    (frames) => {
      const newest = frames.reduce((max, { seq }) => Math.max(max, seq ?? 0), 0);
      if (newest <= streamed) return;
      setStreamed(newest);
      void client.invalidateQueries({ queryKey: taskQuery(id).queryKey });
    },
  );
  return { query, lastSeq, live, ended };
}
