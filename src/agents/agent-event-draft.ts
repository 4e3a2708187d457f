import type {
  Artifact,
  Message,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../protocol/model/index.js';

type Loose<T, Optional extends keyof T> = Omit<T, Optional> & Partial<Pick<T, Optional>>;

/** A message of the agent. Filled in: `messageId` (new), `role` (`ROLE_AGENT`), `contextId`, and `taskId` when it belongs to a task. */
export type MessageDraft = Loose<Message, 'messageId' | 'role'>;

/** Filled in: `artifactId` (new). A chunk with `append` must name the artifact it belongs to. */
export type ArtifactDraft = Loose<Artifact, 'artifactId'>;

/** Filled in: `timestamp` (now). A given one is converted to UTC with milliseconds. */
export type StatusDraft = Omit<TaskStatus, 'message'> & { message?: MessageDraft };

/** A change of state. Filled in: the ids of the task. */
export type StatusUpdateDraft = Loose<Omit<TaskStatusUpdateEvent, 'status'>, 'taskId' | 'contextId'> & {
  status: StatusDraft;
};

/** An artifact or a chunk of one. Filled in: the ids of the task. */
export type ArtifactUpdateDraft = Loose<Omit<TaskArtifactUpdateEvent, 'artifact'>, 'taskId' | 'contextId'> & {
  artifact: ArtifactDraft;
};

/** The task as a whole. Filled in: its ids. */
export type TaskDraft = Loose<Omit<Task, 'status' | 'artifacts'>, 'id' | 'contextId'> & {
  status: StatusDraft;
  artifacts?: ArtifactDraft[];
};

/** An event in its wire form (spec 3.2.3), with exactly one member. Fields that the server knows may be absent. */
export type AgentEventDraft =
  | { statusUpdate: StatusUpdateDraft }
  | { artifactUpdate: ArtifactUpdateDraft }
  | { message: MessageDraft }
  | { task: TaskDraft };

/** What `execute` returns when it is a generator: `async *execute(context: RequestContext): AgentEvents`. */
export type AgentEvents = AsyncIterable<AgentEventDraft | string>;
