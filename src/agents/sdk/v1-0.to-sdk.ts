import type {
  Artifact,
  Message,
  Part,
  SendMessageConfiguration,
  Task,
  TaskStatus,
} from '../../protocol/model/index.js';
import { TASK_STATES } from '../../protocol/state/task-state.js';

/** Messages as the SDK 1.x has them: every field is there, enums are numbers, a part's content is a tagged union. */
export function messageToSdk(message: Message): object {
  return {
    messageId: message.messageId,
    contextId: message.contextId ?? '',
    taskId: message.taskId ?? '',
    role: message.role === 'ROLE_USER' ? 1 : 2,
    parts: message.parts.map(partToSdk),
    metadata: message.metadata,
    extensions: message.extensions ?? [],
    referenceTaskIds: message.referenceTaskIds ?? [],
  };
}

export function taskToSdk(task: Task): object {
  return {
    id: task.id,
    contextId: task.contextId,
    status: statusToSdk(task.status),
    artifacts: (task.artifacts ?? []).map(artifactToSdk),
    history: (task.history ?? []).map(messageToSdk),
    metadata: task.metadata,
  };
}

export function configurationToSdk(configuration: SendMessageConfiguration): object {
  return {
    acceptedOutputModes: configuration.acceptedOutputModes ?? [],
    // Webhooks are the server's business.
    taskPushNotificationConfig: undefined,
    historyLength: configuration.historyLength,
    returnImmediately: configuration.returnImmediately ?? false,
  };
}

const statusToSdk = ({ state, message, timestamp }: TaskStatus): object => ({
  state: TASK_STATES.indexOf(state) + 1,
  message: message && messageToSdk(message),
  timestamp,
});

const artifactToSdk = (artifact: Artifact): object => ({
  artifactId: artifact.artifactId,
  name: artifact.name ?? '',
  description: artifact.description ?? '',
  parts: artifact.parts.map(partToSdk),
  metadata: artifact.metadata,
  extensions: artifact.extensions ?? [],
});

const partToSdk = (part: Part): object => ({
  content: contentOf(part),
  metadata: part.metadata,
  filename: part.filename ?? '',
  mediaType: part.mediaType ?? '',
});

function contentOf(part: Part): object {
  if ('text' in part) return { $case: 'text', value: part.text };
  if ('raw' in part) return { $case: 'raw', value: Buffer.from(part.raw, 'base64') };
  if ('url' in part) return { $case: 'url', value: part.url };
  return { $case: 'data', value: part.data };
}
