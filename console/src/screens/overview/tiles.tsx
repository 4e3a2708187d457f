import type { AdminOverview } from '../../../../src/admin/admin-api.types.js';
import { useNow } from '../../components/now.js';
import { count, duration } from '../../format/quantities.js';
import { rough } from '../../format/times.js';
import { hrefOf } from '../../routing/route.js';

/** Counts of the service go no further: a figure of this size means "at least". */
const COUNT_LIMIT = 100_000;
/** A first event later than this is worth a look. */
const SLOW_MS = 2_000;

interface TileProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
  readonly tone?: 'bad' | 'waiting' | undefined;
  readonly href: string;
}

const Tile = ({ label, value, hint, tone, href }: TileProps) => (
  <a className="panel tile" href={href}>
    <span className="label">{label}</span>
    <span className={`value ${tone ?? ''}`}>{value}</span>
    <span className="hint cut">{hint ?? '\u00a0'}</span>
  </a>
);

export function Tiles({ overview }: { readonly overview: AdminOverview }) {
  const now = useNow();
  const { running, queued, oldestQueuedAt, firstEventMs, deliveries, lastHour } = overview;
  const sum = (key: 'created' | 'completed' | 'failed' | 'rejected'): number =>
    lastHour.reduce((total, minute) => total + minute[key], 0);
  const failed = sum('failed') + sum('rejected');
  const created = sum('created');
  const since = (at: string | undefined): string | undefined =>
    at === undefined ? undefined : rough(Math.max(0, now - Date.parse(at)));
  const waits = since(oldestQueuedAt);
  const owedFor = since(deliveries.oldestDueAt);
  return (
    <div className="tiles">
      <Tile
        label="Running"
        value={count(running, COUNT_LIMIT)}
        hint="at this moment"
        href={hrefOf(['tasks'], { state: 'working' })}
      />
      <Tile
        label="Queued"
        value={count(queued, COUNT_LIMIT)}
        hint={waits && queued > 0 ? `first waits ${waits}` : 'nothing waits'}
        tone={queued > 0 && waits !== undefined && Date.parse(oldestQueuedAt!) < now - 10_000 ? 'waiting' : undefined}
        href={hrefOf(['tasks'], { queued: '1' })}
      />
      <Tile
        label="Time to first event"
        value={firstEventMs ? duration(firstEventMs.p50) : '–'}
        hint={firstEventMs ? `p95 ${duration(firstEventMs.p95)}` : 'no task in the last hour'}
        tone={firstEventMs && firstEventMs.p95 > SLOW_MS ? 'waiting' : undefined}
        href={hrefOf(['tasks'])}
      />
      <Tile
        label="Failed, last hour"
        value={count(failed)}
        hint={created > 0 ? `of ${count(created)} ${created === 1 ? 'task' : 'tasks'}` : 'no task in the last hour'}
        tone={failed > 0 ? 'bad' : undefined}
        href={hrefOf(['tasks'], { state: 'failed,rejected' })}
      />
      <Tile
        label="Deliveries owed"
        value={count(deliveries.owed, COUNT_LIMIT)}
        hint={owedFor && deliveries.owed > 0 ? `oldest due for ${owedFor}` : 'nothing is owed'}
        tone={
          deliveries.oldestDueAt !== undefined && Date.parse(deliveries.oldestDueAt) < now - 60_000
            ? 'waiting'
            : undefined
        }
        href={hrefOf(['webhooks'], { view: 'owed' })}
      />
      <Tile
        label="Dead letters"
        value={count(deliveries.dead, COUNT_LIMIT)}
        hint={deliveries.dead > 0 ? 'were given up' : 'none'}
        tone={deliveries.dead > 0 ? 'bad' : undefined}
        href={hrefOf(['webhooks'], { view: 'dead' })}
      />
    </div>
  );
}
