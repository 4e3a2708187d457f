import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { playsFirstTask } from '../../api/addresses.js';
import { messageOf, newId } from '../../a2a/compose.js';
import { ConversationCall } from '../../a2a/conversation-call.js';
import { type CardAgent, useAgents, useList, useSession } from '../../api/queries.js';
import { Icon } from '../../components/icon.js';
import { Parts } from '../../components/parts.js';
import { Failure } from '../../components/states.js';
import { StateBadge } from '../../components/state-badge.js';
import { Link } from '../../routing/link.js';
import type { State } from '../../format/states.js';
import { ReceivedList } from '../try/received-list.js';

/** While there is no task at all, a first one of the default agent can be played here. */
export function FirstTask() {
  const tasks = useList<AdminTaskRow>('tasks', { limit: '1' });
  const agents = useAgents();
  const session = useSession();
  const [played, setPlayed] = useState(false);
  const agent = agents.data?.find((each) => each.default) ?? agents.data?.[0];
  const isEmpty = tasks.data?.rows.length === 0;
  if (!agent?.path || !session.data || (!isEmpty && !played)) return null;
  return (
    <Offer
      key={agent.id}
      agent={agent}
      onPlay={() => setPlayed(true)}
      auto={playsFirstTask && !session.data.readOnly}
      onClose={() => setPlayed(false)}
    />
  );
}

interface OfferProps {
  readonly agent: CardAgent;
  /** Plays at once. Never where the operator may only read. */
  readonly auto: boolean;
  readonly onPlay: () => void;
  readonly onClose: () => void;
}

function Offer({ agent, auto, onPlay, onClose }: OfferProps) {
  const [call] = useState(() => new ConversationCall(agent.path));
  const view = useSyncExternalStore(call.subscribe, call.view);
  const client = useQueryClient();
  const started = useRef(false);
  const card = agent.cards['1.0'];
  const text = card.skills.flatMap(({ examples = [] }) => examples)[0] ?? 'Hello';

  const play = (): void => {
    if (started.current) return;
    started.current = true;
    onPlay();
    call.send(messageOf({ text, files: [], data: '' }, newId()), []);
  };
  useEffect(() => {
    if (auto) play();
    // Once: a task is made by it.
  }, []);
  useEffect(() => {
    if (view.phase === 'ended') void client.invalidateQueries();
  }, [view.phase, client]);

  const state = view.task?.status.state as State | undefined;
  return (
    <section className="panel first" aria-label="A first task">
      <header>
        <h2 className="grow">
          {view.phase === 'idle' ? 'There is no task yet' : `A first task: “${text}” to ${card.name}`}
        </h2>
        {state && <StateBadge state={state} />}
        {view.phase !== 'idle' && view.phase !== 'streaming' && (
          <button type="button" className="copy" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {view.phase === 'idle' ? (
        <div className="body row wrap">
          <span className="grow">
            Send “{text}” to {card.name} and see its events arrive.
          </span>
          <Button onClick={play} leftSection={<Icon name="try" size={14} />}>
            Play a first task
          </Button>
        </div>
      ) : (
        <div className="first-body">
          <ReceivedList view={view} />
          <div className="body stack">
            {view.error !== undefined && <Failure error={view.error} />}
            {view.task?.artifacts?.map((artifact) => (
              <Parts key={artifact.artifactId} parts={artifact.parts} />
            ))}
            {view.task && (
              <div className="row wrap">
                <Link to={['tasks', view.task.id]}>See what happened when</Link>
                <Link to={['try']} query={{ agent: agent.id }}>
                  Send another message
                </Link>
              </div>
            )}
          </div>
        </div>
      )}
    </section>
  );
}
