import type {
  Artifact,
  Message,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../model/index.js';
import { V03_ROLES, V03_STATES } from './names.table.js';
import { partToV03 } from './part.to-v0-3.js';
import { utcTimestamp } from './timestamp.js';
import type {
  V03Artifact,
  V03ArtifactUpdate,
  V03Message,
  V03StatusUpdate,
  V03StreamResponse,
  V03Task,
  V03TaskStatus,
} from './v0-3.model.js';

export function messageToV03(message: Message): V03Message {
  const result: V03Message = {
    kind: 'message',
    messageId: message.messageId,
    role: V03_ROLES[message.role],
    parts: message.parts.map(partToV03),
  };
  if (message.contextId !== undefined) result.contextId = message.contextId;
  if (message.taskId !== undefined) result.taskId = message.taskId;
  if (message.metadata !== undefined) result.metadata = message.metadata;
  if (message.extensions !== undefined) result.extensions = message.extensions;
  if (message.referenceTaskIds !== undefined) result.referenceTaskIds = message.referenceTaskIds;
  return result;
}

export function artifactToV03(artifact: Artifact): V03Artifact {
  const result: V03Artifact = { artifactId: artifact.artifactId, parts: artifact.parts.map(partToV03) };
  if (artifact.name !== undefined) result.name = artifact.name;
  if (artifact.description !== undefined) result.description = artifact.description;
  if (artifact.metadata !== undefined) result.metadata = artifact.metadata;
  if (artifact.extensions !== undefined) result.extensions = artifact.extensions;
  return result;
}

export function statusToV03(status: TaskStatus): V03TaskStatus {
  const result: V03TaskStatus = { state: V03_STATES[status.state] ?? 'unknown' };
  if (status.message !== undefined) result.message = messageToV03(status.message);
  if (status.timestamp !== undefined) result.timestamp = utcTimestamp(status.timestamp);
  return result;
}

export function taskToV03(task: Task): V03Task {
  const result: V03Task = { kind: 'task', id: task.id, contextId: task.contextId, status: statusToV03(task.status) };
  if (task.artifacts !== undefined) result.artifacts = task.artifacts.map(artifactToV03);
  if (task.history !== undefined) result.history = task.history.map(messageToV03);
  if (task.metadata !== undefined) result.metadata = task.metadata;
  return result;
}

export function statusUpdateToV03(event: TaskStatusUpdateEvent, final: boolean): V03StatusUpdate {
  const result: V03StatusUpdate = {
    kind: 'status-update',
    taskId: event.taskId,
    contextId: event.contextId,
    status: statusToV03(event.status),
    final,
  };
  if (event.metadata !== undefined) result.metadata = event.metadata;
  return result;
}

export function artifactUpdateToV03(event: TaskArtifactUpdateEvent): V03ArtifactUpdate {
  const result: V03ArtifactUpdate = {
    kind: 'artifact-update',
    taskId: event.taskId,
    contextId: event.contextId,
    artifact: artifactToV03(event.artifact),
  };
  if (event.append !== undefined) result.append = event.append;
  if (event.lastChunk !== undefined) result.lastChunk = event.lastChunk;
  if (event.metadata !== undefined) result.metadata = event.metadata;
  return result;
}

export const sendMessageResponseToV03 = (response: SendMessageResponse): V03Task | V03Message =>
  'task' in response ? taskToV03(response.task) : messageToV03(response.message);

/** `final` is read by status updates alone: no other v0.3 object can say that it ends the stream. */
export function streamResponseToV03(response: StreamResponse, final: boolean): V03StreamResponse {
  if ('artifactUpdate' in response) return artifactUpdateToV03(response.artifactUpdate);
  if ('statusUpdate' in response) return statusUpdateToV03(response.statusUpdate, final);
  return sendMessageResponseToV03(response);
}
