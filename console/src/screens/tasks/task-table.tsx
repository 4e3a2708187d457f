import { type ColumnDef, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { TASK_COLUMNS } from './columns.js';

const features = tableFeatures({});
const COLUMNS = TASK_COLUMNS.map(({ id, header, cell }): ColumnDef<typeof features, AdminTaskRow> => ({
  id,
  header,
  cell: ({ row }) => cell(row.original),
}));
const LOOK = new Map(TASK_COLUMNS.map((column) => [column.id, column]));

const styleOf = (id: string) => ({ width: LOOK.get(id)?.width });
const classOf = (id: string): string => `grid-cell ${LOOK.get(id)?.fill ? 'fill' : ''}`;

const ROW = 40;
/** So many rows before the end of what is loaded, the next page is asked for. */
const AHEAD = 40;

interface TaskTableProps {
  readonly rows: readonly AdminTaskRow[];
  readonly fresh: ReadonlySet<string>;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onOpen: (row: AdminTaskRow) => void;
  readonly onEnd: () => void;
}

/** Only the visible rows exist: the length of the list does not matter. */
export function TaskTable({ rows, fresh, selected, onSelect, onOpen, onEnd }: TaskTableProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const table = useTable({ features, data: rows, columns: COLUMNS, getRowId: ({ id }) => id });
  const models = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (index) => models[index]?.id ?? index,
    scrollPaddingStart: ROW,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (models.length > 0 && last >= models.length - AHEAD) onEnd();
  }, [last, models.length, onEnd]);

  useEffect(() => {
    if (selected >= 0 && selected < models.length) virtual.scrollToIndex(selected, { align: 'auto' });
    // Only a move of the selection scrolls: new rows must not.
  }, [selected]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    onSelect(Math.min(rows.length - 1, Math.max(0, selected + move)));
  };

  return (
    <div className="panel grid-table">
      <div
        className="grid-scroll"
        ref={scroll}
        role="grid"
        aria-label="Tasks"
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={models[selected] ? `task-${models[selected].id}` : undefined}
      >
        <div className="grid-head" role="row" aria-rowindex={1}>
          {table.getFlatHeaders().map((header) => (
            <div key={header.id} role="columnheader" className={classOf(header.id)} style={styleOf(header.id)}>
              <table.FlexRender header={header} />
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, key, start }) => {
            const row = models[index];
            if (!row) return null;
            return (
              <div
                key={key}
                id={`task-${row.id}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === selected}
                className={`grid-row ${fresh.has(row.id) ? 'fresh' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => {
                  onSelect(index);
                  onOpen(row.original);
                }}
              >
                {row.getAllCells().map((cell) => (
                  <div
                    key={cell.id}
                    role="gridcell"
                    className={classOf(cell.column.id)}
                    style={styleOf(cell.column.id)}
                  >
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
