export { A2aModule } from './a2a.module.js';
export type { A2aModuleAsyncOptions } from './a2a-options.module.js';
export type { A2aModuleExtras, A2aModuleOptions, A2aOptionsFactory } from './a2a.options.js';
export type { ExecutionOptions } from './execution/execution.options.js';
export type { GrpcTransport } from './transports/grpc/grpc-transport.interface.js';
export type { HttpTransportOptions } from './transports/http/http-transport.options.js';
export { configureA2a } from './transports/http/configure-a2a.js';
export { A2aRoute } from './transports/http/a2a-route.decorator.js';
export { A2aAgent } from './agents/a2a-agent.decorator.js';
export { getA2aCaller, getA2aContext, type A2aExecutionContext } from './agents/a2a-execution-context.js';
export type { AgentEventDraft, AgentEvents, MessageDraft } from './agents/agent-event-draft.js';
export { AgentConfigurationError } from './agents/agent.validator.js';
export type { A2aAgentOptions, RetryOptions } from './agents/agent-options.js';
export { InvalidAgentEventError } from './agents/invalid-agent-event.error.js';
export { failAgentCall } from './execution/runs/stray-errors.js';
export { TransientAgentError, type TransientAgentErrorOptions } from './agents/transient-agent.error.js';
export type { CardDefaults } from './agents/cards/card-defaults.js';
export type { CardsOptions } from './agents/cards/cards.options.js';
export type {
  CardSigningKey,
  CardSigningOptions,
  CardVerificationKey,
  SigningAlgorithm,
} from './agents/cards/signing/card-signing.options.js';
export { RESUME_EXTENSION_URI } from './agents/cards/resume.extension.js';
export type { ExtendedCardOptions } from './agents/cards/extended-card.options.js';
export {
  RunAborted,
  type AgentEvent,
  type AgentEventSink,
  type AgentExecutor,
} from './agents/agent-executor.interface.js';
export { RequestContext } from './agents/request-context.js';
export {
  TaskUpdater,
  type AppendOptions,
  type ArtifactOptions,
  type StatusMessage,
  type StatusOptions,
} from './agents/task-updater.js';
export { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from './agents/agent-registry.interface.js';
export {
  OutboundError,
  OutboundHttp,
  type OutboundErrorCode,
  type OutboundOptions,
  type OutboundRequest,
  type OutboundResponse,
} from './security/outbound/index.js';
export type { PushNotificationsOptions } from './push-notifications/push-notifications.options.js';
export { DrainService } from './execution/drain.service.js';
export { A2aTasks, type InProcessCaller } from './transports/in-process/a2a-tasks.js';
export type { MessageToSend, OutgoingMessage } from './protocol/outgoing-message.js';
export type { SentEvent, SequencedEvent } from './transports/in-process/task-events.js';
export type { RetainedStates, RetentionOptions, RetentionPolicy } from './tasks/retention/retention.policy.js';
export { memoryStorage, type MemoryStorageOptions } from './storage/memory.storage.js';
export type { A2aStorage, OpenStorage, StorageContext } from './storage/a2a-storage.interface.js';
export { A2A_CONNECTION } from './storage/storage.module.js';
export type { A2aBus } from './events/bus/a2a-bus.interface.js';
export { inProcessBus } from './events/bus/in-process.bus.js';
export type { EventBus, TaskWake } from './events/event-bus.interface.js';
export type { Stores } from './tasks/stores.js';
export type { CommittedEvent } from './tasks/committed-event.js';
export type { ListLimits } from './tasks/list-page.js';
export type { OpenTask } from './tasks/open-task.js';
export type { EventKind, PendingEvent } from './tasks/pending-event.js';
export type { RunRef, TaskRecord, TaskSnapshot } from './tasks/task-record.js';
export type { BegunTurn, MessageRequest, TurnRequest } from './tasks/turn-request.js';
export type * from './tasks/inbox-store.interface.js';
export type * from './tasks/job-schedule.interface.js';
export type * from './tasks/lease-connection.interface.js';
export type * from './tasks/outbox.interface.js';
export type * from './tasks/push-config-store.interface.js';
export type * from './tasks/run-store.interface.js';
export type * from './tasks/task-store.interface.js';
export { TASK_STORE } from './tasks/task-store.interface.js';
export { MissingPackageError } from './common/load-optional.js';
export { type A2aPrincipal, setA2aPrincipal } from './security/principal.js';
export type { TenantResolver, TenantsOptions } from './security/tenants.options.js';
export type { CallContext, TaskScope } from './security/call-context.js';
export { A2AError, type ErrorReason, type FieldViolation } from './protocol/errors/index.js';
export type * from './protocol/model/index.js';
