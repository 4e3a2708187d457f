import type { ReactNode } from 'react';
import type { AdminTask } from '../../../../src/admin/admin-api.types.js';
import { Id, shortId } from '../../components/id.js';
import { TraceId } from '../../components/trace-id.js';
import { Ago, useNow } from '../../components/now.js';
import { bytes, duration } from '../../format/quantities.js';
import { isTerminal } from '../../format/states.js';
import { Link } from '../../routing/link.js';

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Who, where, how often and how much. What is as usual is not shown. */
export function Facts({ task }: { readonly task: AdminTask }) {
  const now = useNow();
  const end = isTerminal(task.state) ? Date.parse(task.statusAt) : now;
  return (
    <section className="panel" aria-label="Facts">
      <dl className="facts body">
        <Fact name="Agent">
          <Link to={['agents', task.agent]}>{task.agent}</Link>
        </Fact>
        <Fact name="Owner">
          <Link to={['tasks']} query={{ owner: task.owner }}>
            {task.owner}
          </Link>
          {task.tenant && <span className="dim"> / {task.tenant}</span>}
        </Fact>
        <Fact name="Context">
          <Link to={['tasks']} query={{ contextId: task.contextId }} className="link mono" title={task.contextId}>
            {shortId(task.contextId)}
          </Link>
        </Fact>
        <Fact name="Created">
          <Ago at={task.createdAt} />
        </Fact>
        <Fact name={isTerminal(task.state) ? 'Took' : 'Open for'}>{duration(end - Date.parse(task.createdAt))}</Fact>
        <Fact name="Events">
          {task.lastSeq.toLocaleString('en-US')} <span className="dim">· {bytes(task.bytes)}</span>
        </Fact>
        <Fact name="Turn · attempt">
          {task.turn} · {task.attempt}
        </Fact>
        <Fact name="Fence">{task.fence}</Fact>
        {task.runOwner && (
          <Fact name="Run by">
            <Id id={task.runOwner} />
          </Fact>
        )}
        {task.crashes > 0 && (
          <Fact name="Lost processes">
            <span className="badge bad plain">{task.crashes}</span>
          </Fact>
        )}
        {task.failures > 0 && (
          <Fact name="Retried">
            <span className="badge waiting plain">{task.failures} ×</span>
          </Fact>
        )}
        {task.notBefore && !task.runOwner && (
          <Fact name="Queued, starts">
            <Ago at={task.notBefore} />
          </Fact>
        )}
        {task.cancelRequestedAt && (
          <Fact name="Cancel requested">
            <Ago at={task.cancelRequestedAt} />
          </Fact>
        )}
        {task.traces?.map((trace) => (
          <Fact key={trace.seq} name={trace.turn === 1 ? 'Trace' : `Trace of turn ${trace.turn}`}>
            <TraceId trace={trace} />
          </Fact>
        ))}
        {task.trimmedSeq > 0 && (
          <Fact name="Events deleted by retention">1 to {task.trimmedSeq.toLocaleString('en-US')}</Fact>
        )}
      </dl>
    </section>
  );
}
