import { useAgents } from '../../api/queries.js';
import { Empty, Loaded } from '../../components/states.js';
import { AgentCardView } from './agent-card-view.js';

/** Which agents are served, where, and are their cards right? */
export function AgentsScreen({ selected }: { readonly selected: string | undefined }) {
  const agents = useAgents();
  return (
    <div className="screen">
      <div className="head">
        <h1>Agents</h1>
      </div>
      <Loaded query={agents}>
        {(rows) => {
          if (rows.length === 0) return <Empty title="No agent is served here." />;
          const shown = selected === undefined ? rows : rows.filter(({ id }) => id === selected);
          if (shown.length === 0) {
            return (
              <Empty title={`No agent ${selected} is served here.`}>
                <a className="link" href="#/agents">
                  All agents
                </a>
              </Empty>
            );
          }
          return shown.map((agent) => <AgentCardView key={agent.id} agent={agent} alone={selected !== undefined} />);
        }}
      </Loaded>
    </div>
  );
}
