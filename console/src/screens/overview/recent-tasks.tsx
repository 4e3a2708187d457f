import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { useList } from '../../api/queries.js';
import { DataTable } from '../../components/data-table.js';
import { Ago } from '../../components/now.js';
import { Panel } from '../../components/panel.js';
import { StateBadge } from '../../components/state-badge.js';
import { Link } from '../../routing/link.js';
import { TaskLink } from '../../components/task-link.js';

/** The newest tasks that failed; nothing is shown while there is none. */
export function RecentTasks() {
  const failed = useList<AdminTaskRow>('tasks', { state: 'TASK_STATE_FAILED', limit: '5' });
  if (!failed.data || failed.data.rows.length === 0) return null;
  return (
    <Panel
      title="Last failures"
      aside={
        <Link to={['tasks']} query={{ state: 'failed' }}>
          All failed tasks
        </Link>
      }
      flush
    >
      <DataTable
        label="Last failures"
        rows={failed.data.rows}
        rowId={({ id }) => id}
        columns={[
          {
            id: 'id',
            header: 'Task',
            cell: ({ id }) => <TaskLink id={id} />,
          },
          { id: 'agent', header: 'Agent', cell: ({ agent }) => agent },
          { id: 'state', header: 'State', cell: ({ state }) => <StateBadge state={state} /> },
          {
            id: 'reason',
            header: 'Reason',
            cell: ({ reason }) => (
              <span className="cut" style={{ display: 'block', maxWidth: '46ch' }} title={reason}>
                {reason ?? '–'}
              </span>
            ),
          },
          { id: 'at', header: 'When', align: 'right', cell: ({ statusAt }) => <Ago at={statusAt} /> },
        ]}
      />
    </Panel>
  );
}
