import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { AdminChange, AdminList, AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { getJson } from '../../api/client.js';
import { useLive } from '../../live/use-live.js';
import { type TaskFilter, taskParams } from './task-filter.js';

type Pages = InfiniteData<AdminList<AdminTaskRow>, string | undefined>;

const PAGE = 100;
/** Up to so many loaded pages are read again as a whole; beyond it single rows are. */
const WHOLE_PAGES = 2;
/** Rows that are read again singly in one go. */
const SINGLE_ROWS = 20;
const LIVE_MS = 700;

/** The tasks of a filter by cursor pages, kept up to date by the changes that the replica learns of. */
export function useTaskPages(filter: TaskFilter) {
  const client = useQueryClient();
  const key = useMemo(() => ['tasks', 'pages', filter], [filter]);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [unseen, setUnseen] = useState(0);

  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      getJson<AdminList<AdminTaskRow>>('tasks', { ...taskParams(filter), limit: PAGE, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= WHOLE_PAGES ? 10_000 : false),
    gcTime: 30_000,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);

  const take = useCallback(
    (changes: readonly AdminChange[]) => {
      const ids = new Set(changes.map(({ taskId }) => taskId));
      setFresh(ids);
      const data = client.getQueryData<Pages>(key);
      if (!data) return;
      if (data.pages.length <= WHOLE_PAGES) {
        if (client.isFetching({ queryKey: key }) === 0) void client.invalidateQueries({ queryKey: key });
        return;
      }
      const known = new Set(data.pages.flatMap((page) => page.rows.map(({ id }) => id)));
      const newOnes = [...ids].filter((id) => !known.has(id)).length;
      if (newOnes > 0) setUnseen((before) => before + newOnes);
      for (const id of [...ids].filter((each) => known.has(each)).slice(0, SINGLE_ROWS)) void readAgain(id);
    },
    [client, key],
  );

  const readAgain = async (id: string): Promise<void> => {
    const row = await getJson<AdminTaskRow>(`tasks/${encodeURIComponent(id)}`).catch(() => undefined);
    if (!row) return;
    client.setQueryData<Pages>(
      key,
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) =>
            page.rows.some((each) => each.id === id)
              ? { ...page, rows: page.rows.map((each) => (each.id === id ? row : each)) }
              : page,
          ),
        },
    );
  };

  const live = useLive<AdminChange>('changes', () => ({}), take, LIVE_MS);
  const showNewest = useCallback(() => {
    setUnseen(0);
    void client.resetQueries({ queryKey: key });
  }, [client, key]);

  return { query, rows, fresh, unseen, live, showNewest };
}
