import { Switch } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { Empty, Failure } from '../../components/states.js';
import { usePatchQuery, useRoute } from '../../routing/use-route.js';
import { EventDetail } from './event-detail.js';
import { EventRow } from './event-row.js';
import { useEvents } from './use-events.js';

const ROW = 34;

interface TimelineProps {
  readonly task: AdminTaskRow;
  readonly lastSeq: number;
  readonly asOf: number | undefined;
  readonly live: boolean;
}

/** All events of the task with their times. Only the visible rows exist, and only their pages are read. */
export function Timeline({ task, lastSeq, asOf, live }: TimelineProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const patch = usePatchQuery();
  const { query: address } = useRoute();
  const chosen = Number(address.event);
  const first = task.trimmedSeq + 1;
  const shownTo = asOf ?? lastSeq;
  const count = Math.max(0, shownTo - first + 1);
  const selected = chosen >= first && chosen <= lastSeq ? chosen : undefined;
  const [follow, setFollow] = useState(selected === undefined);

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const { eventAt, error } = useEvents(
    task.id,
    first + (items[0]?.index ?? 0),
    first + (items.at(-1)?.index ?? 0),
    lastSeq,
  );

  useEffect(() => {
    if (live && follow && asOf === undefined && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' });
    // The virtualizer is the same object for the life of the component.
  }, [count, live, follow, asOf]);

  useEffect(() => {
    if (selected !== undefined) virtual.scrollToIndex(selected - first, { align: 'auto' });
  }, [selected]);

  const select = (seq: number): void => {
    // New events must not move what somebody reads.
    setFollow(false);
    patch({ event: String(seq) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.min(shownTo, Math.max(first, (selected ?? first - 1) + move));
    select(next);
  };

  if (count === 0)
    return <Empty title="No event is stored any more.">Retention has deleted the events of this task.</Empty>;
  return (
    <div className="timeline">
      <div className="panel timeline-list">
        {(live || error) && (
          <div className="row timeline-bar">
            {live && (
              <Switch label="Follow" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
            )}
            {error && <Failure error={error} />}
          </div>
        )}
        <div
          className="timeline-scroll"
          ref={scroll}
          tabIndex={0}
          role="listbox"
          aria-label="Events"
          aria-activedescendant={selected === undefined ? undefined : `event-${selected}`}
          onKeyDown={onKeyDown}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {items.map(({ index, start }) => {
              const seq = first + index;
              return (
                <EventRow
                  key={seq}
                  seq={seq}
                  top={start}
                  event={eventAt(seq)}
                  before={eventAt(seq - 1)}
                  selected={seq === selected}
                  onSelect={() => select(seq)}
                />
              );
            })}
          </div>
        </div>
      </div>
      <EventDetail
        id={task.id}
        seq={selected}
        onClose={() => patch({ event: undefined })}
        onShowAsOf={(seq) => patch({ asOf: seq >= lastSeq ? undefined : String(seq), tab: 'conversation' }, true)}
      />
    </div>
  );
}
