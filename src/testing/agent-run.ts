import type { AgentEvent, AgentEventSink } from '../agents/agent-executor.interface.js';
import { RequestContext, type RequestContextForTest } from '../agents/request-context.js';
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

/** What a test calls an agent with, and sees of it. */
export interface AgentRun {
  /** What `execute` is called with. */
  readonly context: RequestContext;
  readonly updater: TaskUpdater;
  readonly sink: RecordingSink;
  /** Aborts `context.signal`. */
  readonly abort: AbortController;
}

/** What an agent is called with, with the text `hi` from `alice` unless told otherwise. */
export function agentRun(fields: RequestContextForTest = {}): AgentRun {
  const abort = new AbortController();
  const sink = new RecordingSink();
  const context = RequestContext.forTest({ signal: abort.signal, ...fields });
  return { context, sink, abort, updater: new TaskUpdater(sink, context.taskId, context.contextId) };
}
