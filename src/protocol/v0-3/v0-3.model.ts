import type { JsonObject } from '../model/index.js';

/** The v0.3 JSON-RPC forms (v0.3 spec 6): objects told apart by `kind`. */
export type V03Role = 'user' | 'agent';

export type V03TaskState =
  | 'submitted'
  | 'working'
  | 'completed'
  | 'failed'
  | 'canceled'
  | 'input-required'
  | 'rejected'
  | 'auth-required'
  | 'unknown';

/** `bytes` is base64. Exactly one of `bytes` and `uri`. */
export interface V03File {
  bytes?: string;
  uri?: string;
  name?: string;
  mimeType?: string;
}

export type V03Part =
  | { kind: 'text'; text: string; metadata?: JsonObject }
  | { kind: 'file'; file: V03File; metadata?: JsonObject }
  | { kind: 'data'; data: JsonObject; metadata?: JsonObject };

export interface V03Message {
  kind: 'message';
  messageId: string;
  contextId?: string;
  taskId?: string;
  role: V03Role;
  parts: V03Part[];
  metadata?: JsonObject;
  extensions?: string[];
  referenceTaskIds?: string[];
}

export interface V03Artifact {
  artifactId: string;
  name?: string;
  description?: string;
  parts: V03Part[];
  metadata?: JsonObject;
  extensions?: string[];
}

export interface V03TaskStatus {
  state: V03TaskState;
  message?: V03Message;
  timestamp?: string;
}

export interface V03Task {
  kind: 'task';
  id: string;
  contextId: string;
  status: V03TaskStatus;
  artifacts?: V03Artifact[];
  history?: V03Message[];
  metadata?: JsonObject;
}

/** `final`: the stream ends with this event. */
export interface V03StatusUpdate {
  kind: 'status-update';
  taskId: string;
  contextId: string;
  status: V03TaskStatus;
  final: boolean;
  metadata?: JsonObject;
}

export interface V03ArtifactUpdate {
  kind: 'artifact-update';
  taskId: string;
  contextId: string;
  artifact: V03Artifact;
  append?: boolean;
  lastChunk?: boolean;
  metadata?: JsonObject;
}

export type V03StreamResponse = V03Task | V03Message | V03StatusUpdate | V03ArtifactUpdate;

export interface V03PushNotificationConfig {
  id?: string;
  url: string;
  token?: string;
  authentication?: { schemes: string[]; credentials?: string };
}

export interface V03TaskPushNotificationConfig {
  taskId: string;
  pushNotificationConfig: V03PushNotificationConfig;
}
