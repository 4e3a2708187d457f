import type { Message, Task } from '../../a2a/parts.js';
import { Id } from '../../components/id.js';
import { Parts } from '../../components/parts.js';
import { Empty } from '../../components/states.js';
import { StateBadge } from '../../components/state-badge.js';

/** What client and agent said to each other, oldest first. */
export function Conversation({ task }: { readonly task: Task }) {
  const messages = [...(task.history ?? []), ...(task.status.message ? [task.status.message] : [])];
  if (messages.length === 0) return <Empty title="Nobody has said anything yet." />;
  return (
    <ol className="conversation" aria-label="Conversation">
      {messages.map((message, index) => (
        <Bubble key={`${index} ${message.messageId}`} message={message} />
      ))}
      <li className="row" style={{ justifyContent: 'center' }}>
        <StateBadge state={task.status.state} />
      </li>
    </ol>
  );
}

function Bubble({ message }: { readonly message: Message }) {
  const isUser = message.role === 'ROLE_USER';
  return (
    <li className={`bubble ${isUser ? 'user' : 'agent'}`}>
      <div className="bubble-head row">
        <strong>{isUser ? 'Client' : 'Agent'}</strong>
        <span className="dim">
          <Id id={message.messageId} label="Copy the message id" />
        </span>
      </div>
      <Parts parts={message.parts} />
    </li>
  );
}
