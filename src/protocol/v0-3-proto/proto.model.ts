import type {
  Artifact,
  JsonObject,
  Message,
  SecurityRequirement,
  SecurityScheme,
  Task,
  TaskArtifactUpdateEvent,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../model/index.js';
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

/** `T` with some of its members in the form of the proto. */
type InProto<T, M extends object> = Omit<T, keyof M> & M;

export type ProtoMessage = InProto<Omit<Message, 'parts' | 'referenceTaskIds'>, { content: ProtoPart[] }>;

export type ProtoArtifact = InProto<Artifact, { parts: ProtoPart[] }>;

export type ProtoTaskStatus = InProto<TaskStatus, { state: string; message?: ProtoMessage }>;

export type ProtoTask = InProto<
  Task,
  { status: ProtoTaskStatus; artifacts?: ProtoArtifact[]; history?: ProtoMessage[] }
>;

export type ProtoStatusUpdate = InProto<TaskStatusUpdateEvent, { status: ProtoTaskStatus; final: boolean }>;

export type ProtoArtifactUpdate = InProto<TaskArtifactUpdateEvent, { artifact: ProtoArtifact }>;

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
