import type { AdminWebhookRow } from '../../../../src/admin/admin-api.types.js';
import { useSession } from '../../api/queries.js';
import { ChangeButton } from '../../components/change-button.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Ago } from '../../components/now.js';
import { Empty } from '../../components/states.js';
import { TaskLink } from '../../components/task-link.js';

export function WebhookTable({ rows }: { readonly rows: readonly AdminWebhookRow[] }) {
  const session = useSession();
  if (rows.length === 0) return <Empty title="No webhook is registered here." />;
  const columns: Column<AdminWebhookRow>[] = [
    {
      id: 'url',
      header: 'Receiver',
      cell: ({ url, protocolVersion }) => (
        <span className="row">
          <span className="mono cut" style={{ maxWidth: '38ch' }} title={url}>
            {url}
          </span>
          <span className="dim">v{protocolVersion}</span>
        </span>
      ),
    },
    {
      id: 'task',
      header: 'Task',
      cell: ({ taskId }) => <TaskLink id={taskId} tab="webhooks" />,
    },
    { id: 'agent', header: 'Agent', cell: ({ agent }) => agent },
    {
      id: 'owner',
      header: 'Owner',
      cell: ({ owner, tenant }) => (
        <>
          {owner}
          {tenant && <span className="dim"> / {tenant}</span>}
        </>
      ),
    },
    { id: 'owed', header: 'Owed', align: 'right', cell: ({ owed }) => <span className="num">{owed}</span> },
    { id: 'due', header: 'Due', cell: ({ dueAt }) => (dueAt ? <Ago at={dueAt} /> : <span className="dim">–</span>) },
    {
      id: 'dead',
      header: 'Dead letters',
      align: 'right',
      cell: ({ deadLetters }) =>
        deadLetters > 0 ? <span className="badge bad plain">{deadLetters}</span> : <span className="dim">0</span>,
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ disabledAt }) =>
        disabledAt ? <span className="badge bad">Disabled</span> : <span className="badge good">Active</span>,
    },
  ];
  if (session.data?.readOnly === false) {
    columns.push({
      id: 'change',
      header: '',
      align: 'right',
      cell: ({ taskId, configId, disabledAt }) =>
        disabledAt ? null : (
          <ChangeButton
            label="Disable"
            confirm="Send it nothing more"
            method="POST"
            path={`webhooks/${encodeURIComponent(taskId)}/${encodeURIComponent(configId)}/disable`}
          />
        ),
    });
  }
  return (
    <DataTable
      label="Webhooks"
      rows={rows}
      rowId={({ taskId, configId }) => `${taskId} ${configId}`}
      columns={columns}
    />
  );
}
