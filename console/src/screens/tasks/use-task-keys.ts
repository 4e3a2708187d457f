import { type RefObject, useEffect } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';

interface TaskKeys {
  readonly rows: readonly AdminTaskRow[];
  readonly selected: number;
  readonly setSelected: (index: number) => void;
  readonly open: (row: AdminTaskRow) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** j and k move, Enter opens, / goes to the search. Fields keep their keys. */
export function useTaskKeys({ rows, selected, setSelected, open, search }: TaskKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.matches('input, textarea, select, button, a')) {
        if (event.key === 'Escape') target.blur();
        return;
      }
      const row = rows[selected];
      if (event.key === 'j') setSelected(Math.min(rows.length - 1, selected + 1));
      else if (event.key === 'k') setSelected(Math.max(0, selected - 1));
      else if (event.key === 'Enter' && row) open(row);
      else if (event.key === '/') search.current?.focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [rows, selected, setSelected, open, search]);
}
