import type { AdminOverview } from '../../../../src/admin/admin-api.types.js';
import { useOverview } from '../../api/queries.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/panel.js';
import { Loaded } from '../../components/states.js';
import { Link } from '../../routing/link.js';
import { ReplicaTable } from '../replicas/replica-table.js';
import { FirstTask } from './first-task.js';
import { HourChart } from './hour-chart.js';
import { OpenTasks } from './open-tasks.js';
import { RecentTasks } from './recent-tasks.js';
import { Tiles } from './tiles.js';

/** Is it healthy, and what runs, waits and fails, and where? */
export function OverviewScreen() {
  const query = useOverview();
  return (
    <div className="screen">
      <div className="head">
        <h1 className="grow">Overview</h1>
        {query.data && <Health overview={query.data} />}
      </div>
      <Loaded query={query}>
        {(overview) => (
          <>
            <FirstTask />
            <Tiles overview={overview} />
            <Panel title="Tasks of the last hour, by the minute of their creation">
              <HourChart minutes={overview.lastHour} />
            </Panel>
            <RecentTasks />
            <div className="cols">
              <Panel title="Open tasks by agent" flush>
                <OpenTasks open={overview.open} />
              </Panel>
              <Panel title="Replicas" aside={<Link to={['replicas']}>All replicas</Link>} flush>
                <ReplicaTable rows={overview.replicas} self={overview.replica} compact />
              </Panel>
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Health({ overview }: { readonly overview: AdminOverview }) {
  const down = overview.health.filter(({ up }) => !up);
  if (overview.draining) return <span className="badge waiting">Shutting down</span>;
  if (down.length === 0) return <span className="badge good">Healthy</span>;
  return (
    <div className="notice bad" role="alert">
      <Icon name="warning" />
      <span>{down.map(({ name, message }) => (message ? `${name}: ${message}` : `${name} is down`)).join('; ')}</span>
    </div>
  );
}
