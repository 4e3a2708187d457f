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
import { utcTimestamp } from '../v0-3/timestamp.js';
import { toProtoState } from './names.table.js';
import { partToProto } from './part.to-proto.js';
import type {
  ProtoArtifact,
  ProtoArtifactUpdate,
  ProtoMessage,
  ProtoSendMessageResponse,
  ProtoStatusUpdate,
  ProtoStreamResponse,
  ProtoTask,
  ProtoTaskStatus,
} from './proto.model.js';

/** Without `referenceTaskIds`: the proto has no such field, and clients that parse strictly would refuse the message. */
export function messageToProto(message: Message): ProtoMessage {
  const result: ProtoMessage = {
    messageId: message.messageId,
    role: message.role,
    content: message.parts.map(partToProto),
  };
  if (message.contextId !== undefined) result.contextId = message.contextId;
  if (message.taskId !== undefined) result.taskId = message.taskId;
  if (message.metadata !== undefined) result.metadata = message.metadata;
  if (message.extensions !== undefined) result.extensions = message.extensions;
  return result;
}

export function artifactToProto(artifact: Artifact): ProtoArtifact {
  const result: ProtoArtifact = { artifactId: artifact.artifactId, parts: artifact.parts.map(partToProto) };
  if (artifact.name !== undefined) result.name = artifact.name;
  if (artifact.description !== undefined) result.description = artifact.description;
  if (artifact.metadata !== undefined) result.metadata = artifact.metadata;
  if (artifact.extensions !== undefined) result.extensions = artifact.extensions;
  return result;
}

function statusToProto(status: TaskStatus): ProtoTaskStatus {
  const result: ProtoTaskStatus = { state: toProtoState(status.state) };
  if (status.message !== undefined) result.message = messageToProto(status.message);
  if (status.timestamp !== undefined) result.timestamp = utcTimestamp(status.timestamp);
  return result;
}

export function taskToProto(task: Task): ProtoTask {
  const result: ProtoTask = { id: task.id, contextId: task.contextId, status: statusToProto(task.status) };
  if (task.artifacts !== undefined) result.artifacts = task.artifacts.map(artifactToProto);
  if (task.history !== undefined) result.history = task.history.map(messageToProto);
  if (task.metadata !== undefined) result.metadata = task.metadata;
  return result;
}

function statusUpdateToProto(event: TaskStatusUpdateEvent, final: boolean): ProtoStatusUpdate {
  const result: ProtoStatusUpdate = {
    taskId: event.taskId,
    contextId: event.contextId,
    status: statusToProto(event.status),
    final,
  };
  if (event.metadata !== undefined) result.metadata = event.metadata;
  return result;
}

function artifactUpdateToProto(event: TaskArtifactUpdateEvent): ProtoArtifactUpdate {
  const result: ProtoArtifactUpdate = {
    taskId: event.taskId,
    contextId: event.contextId,
    artifact: artifactToProto(event.artifact),
  };
  if (event.append !== undefined) result.append = event.append;
  if (event.lastChunk !== undefined) result.lastChunk = event.lastChunk;
  if (event.metadata !== undefined) result.metadata = event.metadata;
  return result;
}

export const sendMessageResponseToProto = (response: SendMessageResponse): ProtoSendMessageResponse =>
  'task' in response ? { task: taskToProto(response.task) } : { message: messageToProto(response.message) };

/** `final` is read by status updates alone: no other object of v0.3 can say that it ends the stream. */
export function streamResponseToProto(response: StreamResponse, final: boolean): ProtoStreamResponse {
  if ('artifactUpdate' in response) return { artifactUpdate: artifactUpdateToProto(response.artifactUpdate) };
  if ('statusUpdate' in response) return { statusUpdate: statusUpdateToProto(response.statusUpdate, final) };
  return sendMessageResponseToProto(response);
}
