import { JsonEncoder } from '../encoding/json-encoder.js';
import { taskState } from '../messages/kinds.js';
import { MESSAGES } from '../messages/messages.js';
import type {
  Artifact,
  Message,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
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
} from './proto.model.js';

const encoder = new JsonEncoder({
  enums: ({ names }) => (names === taskState.names ? (toProtoState as (name: string) => string) : (name) => name),
  scalars: { timestamp: utcTimestamp },
  messages: [[MESSAGES.Part, partToProto]],
  // The proto has no `referenceTaskIds`, and clients that parse strictly would refuse the message.
  names: [[MESSAGES.Message, { parts: 'content', referenceTaskIds: undefined }]],
});

export const messageToProto = encoder.of(MESSAGES.Message) as (message: Message) => ProtoMessage;
export const artifactToProto = encoder.of(MESSAGES.Artifact) as (artifact: Artifact) => ProtoArtifact;
export const taskToProto = encoder.of(MESSAGES.Task) as (task: Task) => ProtoTask;
const artifactUpdateToProto = encoder.of(MESSAGES.TaskArtifactUpdateEvent) as (
  event: TaskArtifactUpdateEvent,
) => ProtoArtifactUpdate;
const statusUpdate = encoder.of(MESSAGES.TaskStatusUpdateEvent) as (event: TaskStatusUpdateEvent) => ProtoStatusUpdate;

export const sendMessageResponseToProto = (response: SendMessageResponse): ProtoSendMessageResponse =>
  'task' in response ? { task: taskToProto(response.task) } : { message: messageToProto(response.message) };

/** `final` is read by status updates alone: no other object of v0.3 can say that it ends the stream. */
export function streamResponseToProto(response: StreamResponse, final: boolean): ProtoStreamResponse {
  if ('artifactUpdate' in response) return { artifactUpdate: artifactUpdateToProto(response.artifactUpdate) };
  if ('statusUpdate' in response)
    return { statusUpdate: Object.assign(statusUpdate(response.statusUpdate), { final }) };
  return sendMessageResponseToProto(response);
}
