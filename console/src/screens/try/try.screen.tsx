import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ConversationCall } from '../../a2a/conversation-call.js';
import { type CardAgent, useAgents } from '../../api/queries.js';
import { Empty, Loaded } from '../../components/states.js';
import { usePatchQuery, useRoute } from '../../routing/use-route.js';
import { Composer } from './composer.js';
import { LiveStream } from './live-stream.js';

/** What does an agent answer, and does its stream survive? */
export function TryScreen() {
  const agents = useAgents();
  return (
    <div className="screen">
      <div className="head">
        <h1>Try it</h1>
      </div>
      <Loaded query={agents}>
        {(rows) => (rows.length === 0 ? <Empty title="No agent is served here." /> : <Chosen agents={rows} />)}
      </Loaded>
    </div>
  );
}

function Chosen({ agents }: { readonly agents: readonly CardAgent[] }) {
  const { query } = useRoute();
  const patch = usePatchQuery();
  const agent =
    agents.find(({ id }) => id === query.agent) ?? agents.find((each) => each.default) ?? (agents[0] as CardAgent);
  if (agent.path === '') return <Empty title="The console calls agents by JSON-RPC, and it is off here." />;
  return (
    <Session
      key={agent.id}
      agent={agent}
      agents={agents}
      text={query.text ?? ''}
      onAgent={(id) => patch({ agent: id, text: undefined })}
    />
  );
}

interface SessionProps {
  readonly agent: CardAgent;
  readonly agents: readonly CardAgent[];
  readonly text: string;
  readonly onAgent: (id: string) => void;
}

function Session({ agent, agents, text, onAgent }: SessionProps) {
  const [round, setRound] = useState(0);
  // A new conversation starts with a call of its own.
  const call = useMemo(() => new ConversationCall(agent.path), [agent.path, round]);
  useEffect(() => () => call.close(), [call]);
  const view = useSyncExternalStore(call.subscribe, call.view);
  return (
    <div className="try">
      <Composer
        agent={agent}
        agents={agents}
        initialText={text}
        view={view}
        onAgent={onAgent}
        onSend={(message, outputModes) => call.send(message, outputModes)}
        onNew={() => setRound(round + 1)}
      />
      <LiveStream
        view={view}
        onCut={() => call.cut()}
        onResume={() => call.resume()}
        onCancel={() => void call.cancel()}
      />
    </div>
  );
}
