import type { AdminFigures } from '../../../../src/admin/admin-api.types.js';
import { DataTable } from '../../components/data-table.js';
import { Empty } from '../../components/states.js';
import { StateBadge } from '../../components/state-badge.js';
import { count } from '../../format/quantities.js';
import { shortState } from '../../format/states.js';
import { Link } from '../../routing/link.js';

export function OpenTasks({ open }: { readonly open: AdminFigures['open'] }) {
  if (open.length === 0) return <Empty title="No task is open." />;
  return (
    <DataTable
      label="Open tasks by agent and state"
      rows={open}
      rowId={({ agent, state }) => `${agent} ${state}`}
      columns={[
        {
          id: 'agent',
          header: 'Agent',
          cell: ({ agent, state }) => (
            <Link to={['tasks']} query={{ agent, state: shortState(state) }}>
              {agent}
            </Link>
          ),
        },
        { id: 'state', header: 'State', cell: ({ state }) => <StateBadge state={state} /> },
        {
          id: 'count',
          header: 'Tasks',
          align: 'right',
          cell: (row) => <span className="num">{count(row.count, 100_000)}</span>,
        },
      ]}
    />
  );
}
