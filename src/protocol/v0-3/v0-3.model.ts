import type {
  Artifact,
  JsonObject,
  Message,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../model/index.js';
import type { ShortState } from '../state/short-state.js';

/** The v0.3 JSON-RPC forms (v0.3 spec 6): objects told apart by `kind`. */
export type V03Role = 'user' | 'agent';

/** The state of a task in v0.3. */
export type V03TaskState = ShortState | 'unknown';

/** `bytes` is base64. Exactly one of `bytes` and `uri`. */
export interface V03File {
  bytes?: string;
  uri?: string;
  name?: string;
  mimeType?: string;
}

/** A Part in the form of v0.3. */
export type V03Part =
  | { kind: 'text'; text: string; metadata?: JsonObject }
  | { kind: 'file'; file: V03File; metadata?: JsonObject }
  | { kind: 'data'; data: JsonObject; metadata?: JsonObject };

/** `T` with some of its members in the form of v0.3. */
type InV03<T, M extends object> = Omit<T, keyof M> & M;

/** A Message in the form of v0.3. */
export type V03Message = InV03<Message, { kind: 'message'; role: V03Role; parts: V03Part[] }>;

/** An Artifact in the form of v0.3. */
export type V03Artifact = InV03<Artifact, { parts: V03Part[] }>;

/** A TaskStatus in the form of v0.3. */
export type V03TaskStatus = InV03<TaskStatus, { state: V03TaskState; message?: V03Message }>;

/** A Task in the form of v0.3. */
export type V03Task = InV03<
  Task,
  { kind: 'task'; status: V03TaskStatus; artifacts?: V03Artifact[]; history?: V03Message[] }
>;

/** `final`: the stream ends with this event. */
export type V03StatusUpdate = InV03<
  TaskStatusUpdateEvent,
  { kind: 'status-update'; status: V03TaskStatus; final: boolean }
>;

/** A TaskArtifactUpdateEvent in the form of v0.3. */
export type V03ArtifactUpdate = InV03<TaskArtifactUpdateEvent, { kind: 'artifact-update'; artifact: V03Artifact }>;

/** What a stream of v0.3 carries. */
export type V03StreamResponse = V03Task | V03Message | V03StatusUpdate | V03ArtifactUpdate;

/** A webhook in the form of v0.3. */
export interface V03PushNotificationConfig {
  id?: string;
  url: string;
  token?: string;
  authentication?: { schemes: string[]; credentials?: string };
}

/** A webhook with its task in the form of v0.3. */
export interface V03TaskPushNotificationConfig {
  taskId: string;
  pushNotificationConfig: V03PushNotificationConfig;
}
