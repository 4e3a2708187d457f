import type { AdminReplicaRow } from '../../../../src/admin/admin-api.types.js';
import { ChangeButton } from '../../components/change-button.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Id } from '../../components/id.js';
import { Empty } from '../../components/states.js';
import { duration } from '../../format/quantities.js';
import { Link } from '../../routing/link.js';

interface ReplicaTableProps {
  readonly rows: readonly AdminReplicaRow[];
  /** The replica that answered. */
  readonly self: string | undefined;
  readonly compact?: boolean;
  /** Of a server that is there for trials: with a button that kills the replica that answered. */
  readonly mayKill?: boolean;
}

export function ReplicaTable({ rows, self, compact = false, mayKill = false }: ReplicaTableProps) {
  if (rows.length === 0) return <Empty title="No process holds a lease.">This storage keeps no leases.</Empty>;
  const columns: Column<AdminReplicaRow>[] = [
    {
      id: 'id',
      header: 'Replica',
      cell: ({ id }) => (
        <span className="row">
          <Id id={id} full={!compact} />
          {id === self && <span className="badge plain">answers you</span>}
        </span>
      ),
    },
    { id: 'lease', header: 'Lease', cell: (row) => <Lease row={row} /> },
    {
      id: 'runs',
      header: 'Runs',
      align: 'right',
      cell: ({ id, runs }) => (
        <Link to={['tasks']} query={{ runOwner: id }} className="link num">
          {runs}
        </Link>
      ),
    },
  ];
  if (mayKill) {
    columns.push({
      id: 'kill',
      header: '',
      align: 'right',
      cell: ({ id }) =>
        id === self ? <ChangeButton label="Kill this replica" confirm="Kill it now" method="POST" path="kill" /> : null,
    });
  }
  return <DataTable label="Replicas and their leases" rows={rows} rowId={({ id }) => id} columns={columns} />;
}

/** What is left of a lease; without a renewal until its end, others take the tasks over. */
function Lease({ row: { leaseMs, ageMs } }: { readonly row: AdminReplicaRow }) {
  if (leaseMs === undefined) return <span className="dim">renewed {duration(ageMs)} ago</span>;
  const part = Math.min(1, Math.max(0, 1 - ageMs / leaseMs));
  const tone = part === 0 ? 'over' : part < 0.5 ? 'late' : '';
  const text =
    part === 0
      ? `over since ${duration(ageMs - leaseMs)}`
      : `renewed ${duration(ageMs)} ago, ends in ${duration(leaseMs - ageMs)}`;
  return (
    <div title={text}>
      <div className={`meter ${tone}`} role="img" aria-label={text}>
        <div style={{ width: `${part * 100}%` }} />
      </div>
      <span className="dim num" style={{ fontSize: 12 }}>
        {text}
      </span>
    </div>
  );
}
