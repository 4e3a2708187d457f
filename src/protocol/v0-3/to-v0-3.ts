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

const state = (name: string): string => V03_STATES[name as keyof typeof V03_STATES] ?? 'unknown';
const role = (name: string): string => V03_ROLES[name as keyof typeof V03_ROLES];

const encoder = new JsonEncoder({
  enums: ({ names }) => (names === taskState.names ? state : role),
  scalars: { timestamp: utcTimestamp },
  messages: [[MESSAGES.Part, partToV03]],
  constants: [
    [MESSAGES.Task, { kind: 'task' }],
    [MESSAGES.Message, { kind: 'message' }],
    [MESSAGES.TaskStatusUpdateEvent, { kind: 'status-update' }],
    [MESSAGES.TaskArtifactUpdateEvent, { kind: 'artifact-update' }],
  ],
});

export const messageToV03 = encoder.of(MESSAGES.Message) as (message: Message) => V03Message;
export const artifactToV03 = encoder.of(MESSAGES.Artifact) as (artifact: Artifact) => V03Artifact;
export const statusToV03 = encoder.of(MESSAGES.TaskStatus) as (status: TaskStatus) => V03TaskStatus;
export const taskToV03 = encoder.of(MESSAGES.Task) as (task: Task) => V03Task;
const artifactUpdateToV03 = encoder.of(MESSAGES.TaskArtifactUpdateEvent) as (
  event: TaskArtifactUpdateEvent,
) => V03ArtifactUpdate;
const statusUpdate = encoder.of(MESSAGES.TaskStatusUpdateEvent) as (event: TaskStatusUpdateEvent) => V03StatusUpdate;

export const sendMessageResponseToV03 = (response: SendMessageResponse): V03Task | V03Message =>
  'task' in response ? taskToV03(response.task) : messageToV03(response.message);

/** `final` is read by status updates alone: no other v0.3 object can say that it ends the stream. */
export function streamResponseToV03(response: StreamResponse, final: boolean): V03StreamResponse {
  if ('artifactUpdate' in response) return artifactUpdateToV03(response.artifactUpdate);
  if ('statusUpdate' in response) return Object.assign(statusUpdate(response.statusUpdate), { final });
  return sendMessageResponseToV03(response);
}
