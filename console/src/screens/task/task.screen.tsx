import { Tabs } from '@mantine/core';
import { useEffect } from 'react';
import { Icon } from '../../components/icon.js';
import { Empty, Failure, Loading } from '../../components/states.js';
import { Link } from '../../routing/link.js';
import { usePatchQuery, useRoute } from '../../routing/use-route.js';
import { ApiError } from '../../api/api-error.js';
import { Artifacts } from './artifacts.js';
import { AsOf } from './as-of.js';
import { Conversation } from './conversation.js';
import { DocumentView } from './document-view.js';
import { Facts } from './facts.js';
import { TaskHead } from './task-head.js';
import { TaskWebhooks } from './task-webhooks.js';
import { Timeline } from './timeline.js';
import { useTask } from './use-task.js';

const TABS = ['timeline', 'conversation', 'artifacts', 'webhooks', 'document'] as const;

/** What happened when? */
export function TaskScreen({ id }: { readonly id: string }) {
  const { query, lastSeq, live, ended } = useTask(id);
  const { query: address } = useRoute();
  const patch = usePatchQuery();
  const tab = TABS.find((name) => name === address.tab) ?? 'timeline';
  const asked = Number(address.asOf);
  const asOf = Number.isInteger(asked) && asked >= 1 && asked < lastSeq ? asked : undefined;

  useEffect(() => {
    document.querySelector('.main')?.scrollTo(0, 0);
  }, [id]);

  if (query.data === undefined) {
    return (
      <div className="screen">
        <Link to={['tasks']}>Tasks</Link>
        <h1 className="visually-hidden">Task {id}</h1>
        {query.error ? <NoTask id={id} error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </div>
    );
  }
  const task = query.data;
  return (
    <div className="screen full task-screen">
      <TaskHead task={task} live={live} ended={ended} />
      {query.error && <Failure error={query.error} retry={() => void query.refetch()} />}
      {task.reason && (
        <div
          className={`notice ${task.state === 'TASK_STATE_FAILED' || task.state === 'TASK_STATE_REJECTED' ? 'bad' : ''}`}
        >
          <span className="prewrap grow">{task.reason}</span>
        </div>
      )}
      <Facts task={task} />
      <AsOf
        first={task.trimmedSeq + 1}
        last={lastSeq}
        value={asOf}
        onChange={(seq) => patch({ asOf: seq?.toString() })}
      />
      <Tabs
        value={tab}
        onChange={(name) => patch({ tab: name ?? undefined })}
        keepMounted={false}
        className="task-tabs"
      >
        <Tabs.List>
          <Tabs.Tab value="timeline">
            Timeline <span className="dim num">{lastSeq.toLocaleString('en-US')}</span>
          </Tabs.Tab>
          <Tabs.Tab value="conversation">Conversation</Tabs.Tab>
          <Tabs.Tab value="artifacts">Artifacts</Tabs.Tab>
          <Tabs.Tab value="webhooks">
            Webhooks {task.webhooks > 0 && <span className="dim num">{task.webhooks}</span>}
          </Tabs.Tab>
          <Tabs.Tab value="document">Document</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <Timeline task={task} lastSeq={lastSeq} asOf={asOf} live={live} />
        </Tabs.Panel>
        <Tabs.Panel value="conversation">
          <DocumentView id={id} asOf={asOf} lastSeq={lastSeq}>
            {(document) => <Conversation task={document} />}
          </DocumentView>
        </Tabs.Panel>
        <Tabs.Panel value="artifacts">
          <DocumentView id={id} asOf={asOf} lastSeq={lastSeq}>
            {(document) => <Artifacts task={document} />}
          </DocumentView>
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          <TaskWebhooks taskId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="document">
          <DocumentView id={id} asOf={asOf} lastSeq={lastSeq} raw />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function NoTask({ id, error, retry }: { readonly id: string; readonly error: unknown; readonly retry: () => void }) {
  if (!(error instanceof ApiError && error.status === 404)) return <Failure error={error} retry={retry} />;
  return (
    <Empty title="There is no such task.">
      <Icon name="tasks" size={24} />
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {id}
      </span>
      <span>It was deleted, or never existed in this storage.</span>
    </Empty>
  );
}
