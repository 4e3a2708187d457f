import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useOverview, useSession } from './api/queries.js';
import { Boundary } from './components/boundary.js';
import { Icon, type IconName } from './components/icon.js';
import { Empty } from './components/states.js';
import { Link } from './routing/link.js';
import { useRoute } from './routing/use-route.js';
import { AgentsScreen } from './screens/agents/agents.screen.js';
import { OverviewScreen } from './screens/overview/overview.screen.js';
import { ReplicasScreen } from './screens/replicas/replicas.screen.js';
import { TaskScreen } from './screens/task/task.screen.js';
import { TasksScreen } from './screens/tasks/tasks.screen.js';
import { TryScreen } from './screens/try/try.screen.js';
import { WebhooksScreen } from './screens/webhooks/webhooks.screen.js';

const SCREENS: readonly { readonly path: string; readonly icon: IconName; readonly title: string }[] = [
  { path: '', icon: 'overview', title: 'Overview' },
  { path: 'tasks', icon: 'tasks', title: 'Tasks' },
  { path: 'try', icon: 'try', title: 'Try it' },
  { path: 'webhooks', icon: 'webhooks', title: 'Webhooks' },
  { path: 'agents', icon: 'agents', title: 'Agents' },
  { path: 'replicas', icon: 'replicas', title: 'Replicas' },
];

export function App() {
  const { path } = useRoute();
  const [first = '', second] = path;
  const title = SCREENS.find((screen) => screen.path === first)?.title ?? 'Not found';
  useEffect(() => {
    document.title = `${second && first === 'tasks' ? `Task ${second}` : title} · A2A console`;
  }, [title, first, second]);
  return (
    <div className="shell">
      <Side current={first} />
      <main className="main" key={first}>
        <Boundary key={path.join('/')}>
          <Screen first={first} second={second} />
        </Boundary>
      </main>
    </div>
  );
}

function Screen({ first, second }: { readonly first: string; readonly second: string | undefined }) {
  if (first === '') return <OverviewScreen />;
  if (first === 'tasks') return second === undefined ? <TasksScreen /> : <TaskScreen key={second} id={second} />;
  if (first === 'try') return <TryScreen />;
  if (first === 'webhooks') return <WebhooksScreen />;
  if (first === 'agents') return <AgentsScreen selected={second} />;
  if (first === 'replicas') return <ReplicasScreen />;
  return (
    <Empty title="There is no such screen.">
      <Link to={[]}>Go to the overview</Link>
    </Empty>
  );
}

function Side({ current }: { readonly current: string }) {
  const session = useSession();
  const overview = useOverview();
  return (
    <nav className="side" aria-label="Screens">
      <a className="brand" href="#/" aria-label="A2A console: overview">
        <img src="./icon.svg" width="22" height="22" alt="" />
        <span>A2A console</span>
      </a>
      {SCREENS.map(({ path, icon, title }) => (
        <Link key={path} to={path ? [path] : []} className="nav" aria-current={current === path ? 'page' : undefined}>
          <Icon name={icon} />
          {title}
        </Link>
      ))}
      <div className="side-foot">
        {session.data?.readOnly && <span className="badge plain">Read-only</span>}
        <ColorScheme />
        {overview.data && (
          <span className="cut" title={`${overview.data.version}, ${overview.data.storage}`}>
            nest-a2a {overview.data.version} · {overview.data.storage}
          </span>
        )}
      </div>
    </nav>
  );
}

function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Colors"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
      data={[
        { value: 'auto', label: 'Auto' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
