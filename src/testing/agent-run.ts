import type { AgentEvent, AgentEventSink } from '../agents/agent-executor.interface.js';
import { RequestContext, type RequestContextFields } from '../agents/request-context.js';
import { TaskUpdater } from '../agents/task-updater.js';

/** Keeps what an agent emits. */
export class RecordingSink implements AgentEventSink {
  readonly events: AgentEvent[] = [];

  async emit(event: AgentEvent): Promise<void> {
    this.events.push(event);
  }

  /** The events in brief: a state's short name, an artifact's text (`+` when appended), a message's text. */
  get brief(): string[] {
    return this.events.map((event) => {
      if ('statusUpdate' in event) return event.statusUpdate.status.state.replace('TASK_STATE_', '');
      if ('artifactUpdate' in event) {
        const { append, artifact } = event.artifactUpdate;
        return `${append ? '+' : ''}${artifact.parts.map((part) => ('text' in part ? part.text : '?')).join('')}`;
      }
      if ('message' in event)
        return `message ${event.message.parts.map((part) => ('text' in part ? part.text : '?')).join('')}`;
      return 'task';
    });
  }
}

export interface AgentRun {
  /** What `execute` is called with. */
  readonly context: RequestContext;
  readonly updater: TaskUpdater;
  readonly sink: RecordingSink;
  /** Aborts `context.signal`. */
  readonly abort: AbortController;
}

/** What an agent is called with, with the text `hi` from `alice` unless told otherwise. */
export function agentRun(fields: Partial<RequestContextFields> = {}): AgentRun {
  const abort = new AbortController();
  const sink = new RecordingSink();
  const context = new RequestContext({
    taskId: 'task-1',
    contextId: 'context-1',
    message: { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text: 'hi' }] },
    referencedTasks: [],
    signal: abort.signal,
    turn: 1,
    attempt: 1,
    caller: { owner: 'alice', tenant: '', agent: 'shop', protocolVersion: '1.0', requestedExtensions: [] },
    ...fields,
  });
  return { context, sink, abort, updater: new TaskUpdater(sink, context.taskId, context.contextId) };
}
