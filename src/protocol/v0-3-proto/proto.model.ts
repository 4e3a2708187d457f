import type { JsonObject, Role, SecurityRequirement, SecurityScheme } from '../model/index.js';
import type { V03AgentCard, V03PushNotificationConfig } from '../v0-3/index.js';

/** ProtoJSON of the messages of `a2a.v1`, the proto of v0.3: what its HTTP+JSON binding sends, and its gRPC means. */
export interface ProtoFile {
  /** Base64. Exactly one of this and `fileWithUri`. */
  fileWithBytes?: string;
  fileWithUri?: string;
  mimeType?: string;
  name?: string;
}

export type ProtoPart = { metadata?: JsonObject } & (
  { text: string } | { file: ProtoFile } | { data: { data: JsonObject } }
);

export interface ProtoMessage {
  messageId: string;
  contextId?: string;
  taskId?: string;
  role: Role;
  content: ProtoPart[];
  metadata?: JsonObject;
  extensions?: string[];
}

export interface ProtoArtifact {
  artifactId: string;
  name?: string;
  description?: string;
  parts: ProtoPart[];
  metadata?: JsonObject;
  extensions?: string[];
}

export interface ProtoTaskStatus {
  state: string;
  message?: ProtoMessage;
  timestamp?: string;
}

export interface ProtoTask {
  id: string;
  contextId: string;
  status: ProtoTaskStatus;
  artifacts?: ProtoArtifact[];
  history?: ProtoMessage[];
  metadata?: JsonObject;
}

export interface ProtoStatusUpdate {
  taskId: string;
  contextId: string;
  status: ProtoTaskStatus;
  final: boolean;
  metadata?: JsonObject;
}

export interface ProtoArtifactUpdate {
  taskId: string;
  contextId: string;
  artifact: ProtoArtifact;
  append?: boolean;
  lastChunk?: boolean;
  metadata?: JsonObject;
}

export type ProtoSendMessageResponse = { task: ProtoTask } | { message: ProtoMessage };
export type ProtoStreamResponse =
  ProtoSendMessageResponse | { statusUpdate: ProtoStatusUpdate } | { artifactUpdate: ProtoArtifactUpdate };

/** `name` is `tasks/{task id}/pushNotificationConfigs/{config id}`. */
export interface ProtoTaskPushNotificationConfig {
  name: string;
  pushNotificationConfig: V03PushNotificationConfig;
}

export type ProtoAgentCard = Omit<V03AgentCard, 'iconUrl' | 'securitySchemes' | 'security' | 'skills'> & {
  securitySchemes?: Record<string, SecurityScheme>;
  security?: SecurityRequirement[];
  skills: (Omit<V03AgentCard['skills'][number], 'security'> & { security?: SecurityRequirement[] })[];
};
