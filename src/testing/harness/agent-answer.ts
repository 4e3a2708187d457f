import type { Artifact, Message, Part, StreamResponse, Task, TaskState } from '../../protocol/model/index.js';
import type { AgentCall } from './agent-call.js';
import type { AgentMessage } from './agent-message.js';

/** How an agent has answered a message: its task as it is then, or its only Message. */
export class AgentAnswer {
  constructor(
    /** What the client's stream showed, in order. For a task, the first is the task as it was created. */
    readonly events: readonly StreamResponse[],
    /** The task when it had ended or needed something; undefined if the agent answered with a Message. */
    readonly task: Task | undefined,
    private readonly follow: (message: AgentMessage) => AgentCall,
  ) {}

  /** The only Message of an agent with `replies: 'message'` or `'either'`. */
  get message(): Message | undefined {
    return this.events.flatMap((event) => ('message' in event ? [event.message] : []))[0];
  }

  get state(): TaskState | undefined {
    return this.task?.status.state;
  }

  get artifacts(): readonly Artifact[] {
    return this.task?.artifacts ?? [];
  }

  /** The text of the Message, else of all artifacts (one line each), else of the status. */
  get text(): string {
    if (this.message) return textOf(this.message.parts);
    if (this.artifacts.length > 0) return this.artifacts.map(({ parts }) => textOf(parts)).join('\n');
    return textOf(this.task?.status.message?.parts ?? []);
  }

  /** Answers a task that needs input: the next message of the same task, from the same caller. */
  reply(message: AgentMessage): Promise<AgentAnswer> {
    return this.follow(message).done;
  }
}

/** The text parts, one after the other. */
export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => ('text' in part ? part.text : '')).join('');
