import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { belowRoot } from '../../api/addresses.js';
import type { CardAgent } from '../../api/queries.js';
import { Copy } from '../../components/copy.js';
import { Icon } from '../../components/icon.js';
import { JsonView } from '../../components/json-view.js';
import { Panel } from '../../components/panel.js';
import { Link } from '../../routing/link.js';

interface AgentCardProps {
  readonly agent: CardAgent;
  /** Only this agent is shown. */
  readonly alone: boolean;
}

export function AgentCardView({ agent, alone }: AgentCardProps) {
  const card = agent.cards['1.0'];
  const [raw, setRaw] = useState<'1.0' | '0.3' | 'no'>('no');
  return (
    <Panel
      title={
        alone ? (
          card.name
        ) : (
          <Link to={['agents', agent.id]} className="link">
            {card.name}
          </Link>
        )
      }
      aside={
        <span className="row wrap">
          {agent.default && <span className="badge plain">default</span>}
          <span className={`badge ${agent.signed ? 'good' : ''} plain`}>{agent.signed ? 'signed' : 'not signed'}</span>
          {agent.problems.length === 0 ? (
            <span className="badge good">Card is valid</span>
          ) : (
            <span className="badge bad">
              {agent.problems.length === 1 ? '1 problem' : `${agent.problems.length} problems`}
            </span>
          )}
          <Link to={['try']} query={{ agent: agent.id }} className="link row">
            <Icon name="try" size={14} /> Try it
          </Link>
        </span>
      }
    >
      <div className="stack">
        <p>{card.description}</p>
        {agent.problems.length > 0 && (
          <div className="notice bad">
            <Icon name="warning" />
            <ul className="plain-list">
              {agent.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <AgentFacts agent={agent} />
        <Skills agent={agent} />
        <Addresses agent={agent} />
        <div className="row">
          <h3 className="sub grow">Card as clients get it</h3>
          <SegmentedControl
            aria-label={`Card of ${card.name} as JSON`}
            value={raw}
            onChange={(value) => setRaw(value as typeof raw)}
            data={[
              { value: 'no', label: 'Hide' },
              { value: '1.0', label: 'v1.0' },
              { value: '0.3', label: 'v0.3' },
            ]}
          />
        </div>
        {raw !== 'no' && <JsonView value={agent.cards[raw]} open={3} />}
      </div>
    </Panel>
  );
}

function AgentFacts({ agent }: { readonly agent: CardAgent }) {
  const card = agent.cards['1.0'];
  const { capabilities } = card;
  const yes = (flag: boolean | undefined): string => (flag ? 'yes' : 'no');
  const facts: readonly (readonly [string, string])[] = [
    ['Id', agent.id],
    ['Version', card.version],
    ['Replies with', agent.replies === 'either' ? 'a task or a message' : `a ${agent.replies}`],
    ['Resumed after a crash', yes(agent.resumable)],
    ['Streaming', yes(capabilities.streaming)],
    ['Push notifications', yes(capabilities.pushNotifications)],
    ['Input', card.defaultInputModes.join(', ')],
    ['Output', card.defaultOutputModes.join(', ')],
    ['Security', Object.keys(card.securitySchemes ?? {}).join(', ') || 'none declared'],
    ...Object.entries(agent.limits).map(([name, value]) => [name, value.toLocaleString('en-US')] as const),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Skills({ agent }: { readonly agent: CardAgent }) {
  return (
    <div>
      <h3 className="sub">Skills</h3>
      <ul className="skills">
        {agent.cards['1.0'].skills.map((skill) => (
          <li key={skill.id}>
            <strong>{skill.name}</strong> <span className="dim">{skill.description}</span>{' '}
            {skill.tags.map((tag) => (
              <span key={tag} className="badge plain">
                {tag}
              </span>
            ))}
            {(skill.examples ?? []).map((example) => (
              <div key={example}>
                <Link to={['try']} query={{ agent: agent.id, text: example }}>
                  “{example}”
                </Link>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Addresses({ agent }: { readonly agent: CardAgent }) {
  const interfaces = agent.cards['1.0'].supportedInterfaces;
  const here = belowRoot(agent.path).href;
  return (
    <div>
      <h3 className="sub">Addresses</h3>
      <ul className="plain-list">
        {interfaces.map(({ url, protocolBinding, protocolVersion }) => (
          <li key={`${protocolBinding} ${protocolVersion} ${url}`} className="row">
            <span className="badge plain">{protocolBinding}</span>
            <span className="dim">v{protocolVersion}</span>
            <span className="mono cut" title={url}>
              {url}
            </span>
            <Copy text={url} label="Copy the address" />
          </li>
        ))}
        <li className="row">
          <span className="badge plain">This console</span>
          <span className="dim">calls</span>
          <span className="mono cut">{here}</span>
        </li>
      </ul>
    </div>
  );
}
