import { useState } from 'react';
import type { AdminDeliveryRow, DeliveryAttempt } from '../../../../src/admin/admin-api.types.js';
import { useList, useSession } from '../../api/queries.js';
import { ChangeButton } from '../../components/change-button.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Ago } from '../../components/now.js';
import { Panel } from '../../components/panel.js';
import { Empty, Loaded } from '../../components/states.js';
import { duration } from '../../format/quantities.js';
import { dateTime } from '../../format/times.js';
import { Pages } from './webhooks.screen.js';
import { TaskLink } from '../../components/task-link.js';

interface DeliveriesProps {
  readonly filter: { readonly taskId?: string; readonly state?: 'owed' | 'dead' };
}

const TITLES = { owed: 'Deliveries that are owed', dead: 'Dead letters' } as const;

/** Deliveries with what became of them. */
export function Deliveries({ filter }: DeliveriesProps) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const session = useSession();
  const list = useList<AdminDeliveryRow>('deliveries', { ...filter, cursor: cursors.at(-1) });
  return (
    <>
      <Panel title={filter.state ? TITLES[filter.state] : 'Deliveries owed and given up'} flush>
        <Loaded query={list}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Nothing state={filter.state} />
            ) : (
              <DataTable
                label="Deliveries"
                rows={rows}
                rowId={({ id }) => id}
                columns={columnsFor(session.data?.readOnly === false, filter.taskId === undefined)}
              />
            )
          }
        </Loaded>
      </Panel>
      <Pages cursors={cursors} next={list.data?.next} onChange={setCursors} />
    </>
  );
}

function Nothing({ state }: { readonly state: 'owed' | 'dead' | undefined }) {
  if (state === 'dead')
    return <Empty title="There is no dead letter.">A delivery is given up after its last attempt.</Empty>;
  return <Empty title="Nothing is owed.">Every event that a webhook asked for was delivered.</Empty>;
}

/** The last answer, with those before it on hovering. */
function Said({
  attempts,
  reason,
}: {
  readonly attempts: readonly DeliveryAttempt[];
  readonly reason: string | undefined;
}) {
  const last = attempts.at(-1);
  if (!last) return <span className="dim">{reason ?? 'nothing yet'}</span>;
  const all = attempts.map((attempt) => `${dateTime(attempt.at)}  ${outcome(attempt)} after ${duration(attempt.ms)}`);
  return (
    <div title={all.join('\n')}>
      <span className={`badge plain ${last.status === undefined ? 'bad' : 'waiting'}`}>{outcome(last)}</span>{' '}
      <span className="dim num">
        after {duration(last.ms)}, <Ago at={last.at} />
      </span>
      {last.excerpt && <div className="mono dim prewrap">{last.excerpt}</div>}
      {reason && <div className="dim">{reason}</div>}
    </div>
  );
}

const outcome = ({ status, error }: DeliveryAttempt): string =>
  status === undefined ? (error ?? 'no response') : `HTTP ${status}`;

function columnsFor(mayChange: boolean, withTask: boolean): Column<AdminDeliveryRow>[] {
  const columns: Column<AdminDeliveryRow>[] = [
    {
      id: 'url',
      header: 'Receiver',
      cell: ({ url }) => (
        <span className="mono cut" style={{ display: 'block', maxWidth: '38ch' }} title={url}>
          {url}
        </span>
      ),
    },
    { id: 'seq', header: 'Event', align: 'right', cell: ({ seq }) => <span className="num">{seq}</span> },
    {
      id: 'attempts',
      header: 'Attempts',
      align: 'right',
      cell: ({ attempts }) => <span className="num">{attempts}</span>,
    },
    {
      id: 'reason',
      header: 'What the receiver said',
      cell: ({ attemptLog, deadReason }) => <Said attempts={attemptLog} reason={deadReason} />,
    },
    {
      id: 'when',
      header: 'Next attempt',
      cell: ({ dueAt, deadAt }) =>
        dueAt ? <Ago at={dueAt} /> : <span className="badge bad plain">given up {deadAt && <Ago at={deadAt} />}</span>,
    },
  ];
  if (withTask) {
    columns.splice(1, 0, {
      id: 'task',
      header: 'Task',
      cell: ({ taskId }) => <TaskLink id={taskId} tab="webhooks" />,
    });
  }
  if (mayChange) {
    columns.push({
      id: 'change',
      header: '',
      align: 'right',
      cell: ({ id, deadAt }) =>
        deadAt ? (
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            <ChangeButton label="Redrive" method="POST" path={`deliveries/${encodeURIComponent(id)}/redrive`} />
            <ChangeButton
              label="Delete"
              confirm="Delete it"
              method="DELETE"
              path={`deliveries/${encodeURIComponent(id)}`}
            />
          </span>
        ) : null,
    });
  }
  return columns;
}
