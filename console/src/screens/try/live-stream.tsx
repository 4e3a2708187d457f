import { Button } from '@mantine/core';
import type { CallView } from '../../a2a/conversation-call.js';
import { Icon } from '../../components/icon.js';
import { shortId } from '../../components/id.js';
import { Panel } from '../../components/panel.js';
import { Parts } from '../../components/parts.js';
import { Empty, Failure } from '../../components/states.js';
import { StateBadge } from '../../components/state-badge.js';
import { isTerminal, type State } from '../../format/states.js';
import { Link } from '../../routing/link.js';
import { ReceivedList } from './received-list.js';

interface LiveStreamProps {
  readonly view: CallView;
  readonly onCut: () => void;
  readonly onResume: () => void;
  readonly onCancel: () => void;
}

/** What has arrived, number by number, and what it adds up to. */
export function LiveStream({ view, onCut, onResume, onCancel }: LiveStreamProps) {
  const { task, reply, phase, error, received } = view;
  if (phase === 'idle') {
    return (
      <Panel title="Answer">
        <Empty title="Nothing was sent yet.">The stream of the agent is shown here, event by event.</Empty>
      </Panel>
    );
  }
  const state = task?.status.state as State | undefined;
  const open = state !== undefined && !isTerminal(state);
  return (
    <div className="stack">
      <Panel
        title={
          task ? (
            <Link to={['tasks', task.id]} className="link mono" title={task.id}>
              Task {shortId(task.id)}
            </Link>
          ) : (
            'Answer'
          )
        }
        aside={
          <span className="row wrap">
            {state && <StateBadge state={state} />}
            {open && (
              <Button variant="default" onClick={onCancel} leftSection={<Icon name="stop" size={14} />}>
                Cancel
              </Button>
            )}
          </span>
        }
      >
        {error !== undefined && <Failure error={error} />}
        {task?.status.message && (
          <div className="said">
            <Parts parts={task.status.message.parts} />
          </div>
        )}
        {reply && <Parts parts={reply.parts} />}
        {task?.artifacts?.map((artifact) => (
          <section key={artifact.artifactId} className="made">
            <h3 className="sub">{artifact.name ?? artifact.artifactId}</h3>
            <Parts parts={artifact.parts} />
          </section>
        ))}
        {!task && !reply && error === undefined && <p className="dim">Waiting for the first event …</p>}
      </Panel>
      <Panel
        title={`Stream · ${received.length} ${received.length === 1 ? 'event' : 'events'}, ${view.connections} ${view.connections === 1 ? 'connection' : 'connections'}`}
        aside={
          phase === 'cut' ? (
            <Button variant="light" onClick={onResume}>
              Resume now
            </Button>
          ) : (
            <Button
              variant="default"
              color="red"
              disabled={phase !== 'streaming' || task === undefined}
              leftSection={<Icon name="cut" size={14} />}
              onClick={onCut}
            >
              Cut my connection
            </Button>
          )
        }
        flush
      >
        <ReceivedList view={view} />
      </Panel>
    </div>
  );
}
