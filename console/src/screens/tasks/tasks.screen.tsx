import { Button, TextInput } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { Icon } from '../../components/icon.js';
import { Empty, Failure, Loading } from '../../components/states.js';
import { Link } from '../../routing/link.js';
import { go, useRoute } from '../../routing/use-route.js';
import { Filters } from './filters.js';
import { filterIn } from './task-filter.js';
import { TaskTable } from './task-table.js';
import { useTaskKeys } from './use-task-keys.js';
import { useTaskPages } from './use-task-pages.js';

const open = ({ id }: AdminTaskRow): void => go(['tasks', id]);

/** Which task of whom, in which state, and why did it fail? */
export function TasksScreen() {
  const { query: address } = useRoute();
  const filter = useMemo(() => filterIn(address), [address]);
  const { query, rows, fresh, unseen, live, showNewest } = useTaskPages(filter);
  const [selected, setSelected] = useState(-1);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => setSelected(-1), [filter]);
  useTaskKeys({ rows, selected, setSelected, open, search });

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <div className="screen full">
      <div className="head">
        <h1>Tasks</h1>
        <span className={`badge ${live ? 'active' : ''}`}>{live ? 'Live' : 'Connecting'}</span>
        {query.data && (
          <span className="dim num" role="status">
            {rows.length.toLocaleString('en-US')}
            {hasNextPage ? ' loaded, more as you scroll' : rows.length === 1 ? ' task' : ' tasks'}
          </span>
        )}
        <span className="grow" />
        <Jump input={search} />
      </div>
      <Filters filter={filter} />
      {query.error && <Failure error={query.error} retry={() => void query.refetch()} />}
      {unseen > 0 && (
        <Button variant="light" leftSection={<Icon name="refresh" size={14} />} onClick={showNewest}>
          {unseen === 1 ? '1 newer task' : `${unseen} newer tasks`}: show
        </Button>
      )}
      {query.isPending && !query.error && <Loading />}
      {query.data && rows.length === 0 && <NoTasks filtered={Object.keys(filter).length > 0} />}
      {rows.length > 0 && (
        <TaskTable rows={rows} fresh={fresh} selected={selected} onSelect={setSelected} onOpen={open} onEnd={onEnd} />
      )}
      <p className="dim keys">
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> opens · <kbd>/</kbd> task id
      </p>
    </div>
  );
}

function NoTasks({ filtered }: { readonly filtered: boolean }) {
  if (filtered) return <Empty title="No task matches these filters." />;
  return (
    <Empty title="There is no task yet.">
      <Link to={['try']}>Send the first message</Link>
    </Empty>
  );
}

function Jump({ input }: { readonly input: React.RefObject<HTMLInputElement | null> }) {
  const [id, setId] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim()) go(['tasks', id.trim()]);
      }}
    >
      <TextInput
        ref={input}
        aria-label="Open a task by its id"
        placeholder="Task id, then Enter"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        rightSection={<kbd>/</kbd>}
        w={260}
      />
    </form>
  );
}
