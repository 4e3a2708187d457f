export type * from './json.js';
export type {
  AgentCapabilities,
  AgentCard,
  AgentCardSignature,
  AgentExtension,
  AgentInterface,
  AgentProvider,
  AgentSkill,
  ProtocolBinding,
  SecurityScheme,
} from '../messages/agent-card.js';
export type { Artifact, Message, Role } from '../messages/message.js';
export type { DataPart, Part, RawPart, TextPart, UrlPart } from '../messages/part.js';
export type * from '../messages/push-config.js';
export type * from '../messages/requests.js';
export type { SecurityRequirement } from '../messages/security.js';
export type {
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
  TaskEvent,
  TaskState,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../messages/task.js';
