import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { useList, useOverview, useReplicas, useSession } from '../../api/queries.js';
import { DataTable } from '../../components/data-table.js';
import { Id } from '../../components/id.js';
import { Ago } from '../../components/now.js';
import { Panel } from '../../components/panel.js';
import { Empty, Loaded } from '../../components/states.js';
import { StateBadge } from '../../components/state-badge.js';
import { ReplicaTable } from './replica-table.js';
import { TaskLink } from '../../components/task-link.js';

/** Who holds which lease, and what was taken over? */
export function ReplicasScreen() {
  const replicas = useReplicas();
  const overview = useOverview();
  const session = useSession();
  const mayKill = session.data?.lab === true && !session.data.readOnly;
  const recent = useList<AdminTaskRow>('tasks', { limit: '200' });
  return (
    <div className="screen">
      <div className="head">
        <h1>Replicas</h1>
      </div>
      <p className="dim">
        Each process renews a lease. When a lease is over, another process takes its tasks over: the fence of a task
        rises, and what the old process writes late is refused.
      </p>
      <Panel title="Leases" flush>
        <Loaded query={replicas}>
          {(rows) => <ReplicaTable rows={rows} self={overview.data?.replica} mayKill={mayKill} />}
        </Loaded>
      </Panel>
      <Panel title="Taken over, among the newest 200 tasks" flush>
        <Loaded query={recent}>{({ rows }) => <TakenOver rows={rows.filter(({ crashes }) => crashes > 0)} />}</Loaded>
      </Panel>
    </div>
  );
}

function TakenOver({ rows }: { readonly rows: readonly AdminTaskRow[] }) {
  if (rows.length === 0)
    return <Empty title="Nothing was taken over.">No process died while it ran one of these tasks.</Empty>;
  return (
    <DataTable
      label="Tasks that were taken over"
      rows={rows}
      rowId={({ id }) => id}
      columns={[
        {
          id: 'id',
          header: 'Task',
          cell: ({ id }) => <TaskLink id={id} />,
        },
        { id: 'agent', header: 'Agent', cell: ({ agent }) => agent },
        { id: 'state', header: 'State', cell: ({ state }) => <StateBadge state={state} /> },
        { id: 'crashes', header: 'Lost processes', align: 'right', cell: ({ crashes }) => crashes },
        { id: 'attempt', header: 'Attempt', align: 'right', cell: ({ attempt }) => attempt },
        { id: 'fence', header: 'Fence', align: 'right', cell: ({ fence }) => fence },
        {
          id: 'owner',
          header: 'Run by',
          cell: ({ runOwner }) => (runOwner ? <Id id={runOwner} /> : <span className="dim">–</span>),
        },
        { id: 'at', header: 'Last status', align: 'right', cell: ({ statusAt }) => <Ago at={statusAt} /> },
      ]}
    />
  );
}
