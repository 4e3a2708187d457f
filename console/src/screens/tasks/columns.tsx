import type { ReactNode } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { shortId } from '../../components/id.js';
import { Ago } from '../../components/now.js';
import { StateBadge } from '../../components/state-badge.js';
import { bytes, duration } from '../../format/quantities.js';
import { isTerminal } from '../../format/states.js';

export interface TaskColumn {
  readonly id: string;
  readonly header: string;
  readonly width: number;
  /** Takes what the others leave. */
  readonly fill?: true;
  readonly cell: (row: AdminTaskRow) => ReactNode;
}

const dash = <span className="dim">–</span>;

export const TASK_COLUMNS: readonly TaskColumn[] = [
  { id: 'state', header: 'State', width: 146, cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: 'id',
    header: 'Task',
    width: 148,
    cell: ({ id }) => (
      <span className="mono" title={id}>
        {shortId(id)}
      </span>
    ),
  },
  { id: 'agent', header: 'Agent', width: 112, cell: ({ agent }) => <span title={agent}>{agent}</span> },
  {
    id: 'owner',
    header: 'Owner',
    width: 122,
    cell: ({ owner, tenant }) => (
      <span title={tenant ? `${owner}, tenant ${tenant}` : owner}>
        {owner}
        {tenant && <span className="dim"> / {tenant}</span>}
      </span>
    ),
  },
  {
    id: 'reason',
    header: 'Reason',
    width: 132,
    fill: true,
    cell: ({ reason }) => <span title={reason}>{reason ?? dash}</span>,
  },
  {
    id: 'run',
    header: 'Run',
    width: 104,
    cell: ({ attempt, crashes, failures, notBefore, runOwner }) => {
      if (notBefore !== undefined && runOwner === undefined) return <span className="badge waiting plain">queued</span>;
      if (crashes > 0) return <span className="badge bad plain">lost {crashes} ×</span>;
      if (failures > 0) return <span className="badge waiting plain">retried {failures} ×</span>;
      return <span className="dim num">attempt {attempt}</span>;
    },
  },
  {
    id: 'events',
    header: 'Events',
    width: 136,
    cell: ({ lastSeq, bytes: size }) => (
      <span className="num">
        {lastSeq.toLocaleString('en-US')} <span className="dim">· {bytes(size)}</span>
      </span>
    ),
  },
  {
    id: 'took',
    header: 'Took',
    width: 96,
    cell: ({ state, createdAt, statusAt }) =>
      isTerminal(state) ? <span className="num">{duration(Date.parse(statusAt) - Date.parse(createdAt))}</span> : dash,
  },
  { id: 'created', header: 'Created', width: 96, cell: ({ createdAt }) => <Ago at={createdAt} /> },
];
