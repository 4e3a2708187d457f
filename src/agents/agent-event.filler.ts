import { newId } from '../protocol/ids.js';
import { invalidAgentResponse } from '../protocol/errors/index.js';
import { statusNow } from '../tasks/status-clock.js';
import type { Artifact, Message, TaskStatus } from '../protocol/model/index.js';
import type {
  AgentEventDraft,
  ArtifactDraft,
  ArtifactUpdateDraft,
  MessageDraft,
  StatusDraft,
  StatusUpdateDraft,
  TaskDraft,
} from './agent-event-draft.js';
import { checkOwn, checkParts, checkState, describe, fieldsOf } from './agent-event.check.js';
import type { AgentEvent } from './agent-executor.interface.js';
import { withMembers } from '../common/with-members.js';

/** The run whose event it is. */
export interface EventIds {
  readonly taskId: string;
  readonly contextId: string;
}

/**
 * Completes an event of an agent: ids of the task and the context, `messageId`, `artifactId`, `role`, `timestamp`. Returns
 * a new object; parts and metadata are shared with the draft. An empty id counts as missing. Throws INVALID_AGENT_RESPONSE on a malformed event and on
 * ids of another task.
 */
export function fillAgentEvent(event: AgentEventDraft, ids: EventIds): AgentEvent {
  const members: string[] = [];
  for (const [name, member] of Object.entries(fieldsOf(event, 'value'))) if (member !== undefined) members.push(name);
  if (members.length !== 1) {
    throw invalidAgentResponse(
      `The agent sent an event with ${members.length ? `the members ${members.join(', ')}` : 'no member'}: ` +
        'it has exactly one of statusUpdate, artifactUpdate, message, task.',
    );
  }
  if ('statusUpdate' in event) return { statusUpdate: fillStatusUpdate(event.statusUpdate, ids) };
  if ('artifactUpdate' in event) return { artifactUpdate: fillArtifactUpdate(event.artifactUpdate, ids) };
  if ('message' in event) return { message: fillReply(event.message, ids) };
  if ('task' in event) return { task: fillTask(event.task, ids) };
  throw invalidAgentResponse(
    `The agent sent an event of unknown kind ${describe(members[0])}: it has one of statusUpdate, artifactUpdate, message, task.`,
  );
}

function fillStatusUpdate(update: StatusUpdateDraft, ids: EventIds) {
  checkIds(update, ids, 'statusUpdate');
  return withMembers(update, { taskId: ids.taskId, contextId: ids.contextId, status: fillStatus(update.status, ids) });
}

function fillArtifactUpdate(update: ArtifactUpdateDraft, ids: EventIds) {
  checkIds(update, ids, 'artifactUpdate');
  const artifact = fillArtifact(update.artifact, update.append ?? false);
  return withMembers(update, { taskId: ids.taskId, contextId: ids.contextId, artifact });
}

function fillTask(task: TaskDraft, ids: EventIds) {
  fieldsOf(task, 'task');
  checkOwn(task.id, ids.taskId, 'task.id');
  checkOwn(task.contextId, ids.contextId, 'task.contextId');
  const { artifacts, ...rest } = task;
  if (artifacts !== undefined && !Array.isArray(artifacts)) {
    throw invalidAgentResponse(`The agent sent a task whose artifacts are ${describe(artifacts)} instead of an array.`);
  }
  return withMembers(rest, {
    id: ids.taskId,
    contextId: ids.contextId,
    status: fillStatus(task.status, ids),
    ...(artifacts && { artifacts: artifacts.map((artifact) => fillArtifact(artifact, false)) }),
  });
}

/**
 * A Message that is the whole response belongs to the context but to no task: a follow-up to a task that is not stored would
 * fail.
 */
function fillReply(message: MessageDraft, ids: EventIds): Message {
  const { taskId: _none, ...reply } = fillMessage(message, ids, 'message');
  return reply;
}

function fillStatus(status: StatusDraft, ids: EventIds): TaskStatus {
  fieldsOf(status, 'status');
  checkState(status.state);
  const { message, timestamp, ...rest } = status;
  const time = timestamp === undefined ? statusNow() : utc(timestamp);
  if (!message) return withMembers(rest, { timestamp: time });
  return withMembers(rest, { message: fillMessage(message, ids, 'status.message'), timestamp: time });
}

function fillMessage(message: MessageDraft, ids: EventIds, where: string): Message {
  checkIds(message, ids, where);
  checkParts(message.parts, `a ${where}`);
  if (message.role !== undefined && message.role !== 'ROLE_AGENT') {
    throw invalidAgentResponse(
      `The agent sent a ${where} with role ${describe(message.role)}: an agent's messages have ROLE_AGENT.`,
    );
  }
  return withMembers(message, {
    messageId: idOf(message.messageId, `${where}.messageId`),
    role: 'ROLE_AGENT' as const,
    taskId: ids.taskId,
    contextId: ids.contextId,
  });
}

function fillArtifact(artifact: ArtifactDraft, append: boolean): Artifact {
  fieldsOf(artifact, 'artifact');
  checkParts(artifact.parts, 'an artifact', append);
  if (append && !artifact.artifactId) {
    throw invalidAgentResponse('The agent sent a chunk to append without artifactId: name the artifact it belongs to.');
  }
  return withMembers(artifact, { artifactId: idOf(artifact.artifactId, 'artifactId') });
}

function checkIds(holder: { taskId?: string; contextId?: string }, ids: EventIds, where: string): void {
  fieldsOf(holder, where);
  checkOwn(holder.taskId, ids.taskId, `${where}.taskId`);
  checkOwn(holder.contextId, ids.contextId, `${where}.contextId`);
}

function idOf(id: unknown, where: string): string {
  if (id === undefined || id === '') return newId();
  if (typeof id === 'string') return id;
  throw invalidAgentResponse(
    `The agent sent an event whose ${where} is ${describe(id)}: leave it out, or give a string.`,
  );
}

function utc(timestamp: unknown): string {
  const time = typeof timestamp === 'string' ? new Date(timestamp) : undefined;
  if (!time || Number.isNaN(time.getTime())) {
    throw invalidAgentResponse(
      `The agent sent a status whose timestamp is ${describe(timestamp)}: use RFC 3339, or leave it out.`,
    );
  }
  return time.toISOString();
}
