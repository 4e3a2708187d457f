export { A2aModule, A2A_CONNECTION, type A2aModuleAsyncOptions } from './a2a.module.js';
export type {
  A2aModuleExtras,
  A2aModuleOptions,
  MemoryStorage,
  MysqlStorage,
  PostgresStorage,
  RedisStorage,
  SqliteStorage,
  StorageOptions,
} from './a2a.options.js';
export type { BusOptions } from './events/bus/bus.options.js';
export type { ExecutionOptions } from './execution/execution.options.js';
export type { GrpcAuthenticator, GrpcCall, GrpcOptions, GrpcTlsOptions } from './transports/grpc/grpc.options.js';
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
export type { RetainedStates, RetentionOptions, RetentionPolicy } from './tasks/retention/retention.policy.js';
export { TASK_STORE, type TaskStore } from './tasks/task-store.interface.js';
export { type A2aPrincipal, setA2aPrincipal } from './security/principal.js';
export type { TenantResolver, TenantsOptions } from './security/tenants.options.js';
export type { CallContext } from './security/call-context.js';
export { A2AError, type ErrorReason, type FieldViolation } from './protocol/errors/index.js';
export type * from './protocol/model/index.js';
export { A2aClient } from './client/a2a.client.js';
export type { ClientCallOptions } from './client/calls/agent.caller.js';
export type { AgentCardOptions, AgentCardVerifier } from './client/card/agent-card.options.js';
export {
  agentCardVerifier,
  type AgentCardVerifierOptions,
  type SignatureHeader,
} from './client/card/agent-card.verifier.js';
export { connect } from './client/connect.js';
export { A2aClientModule } from './client/nest/a2a-client.module.js';
export type {
  A2aClientAgent,
  A2aClientModuleAsyncOptions,
  A2aClientModuleExtras,
  A2aClientModuleOptions,
} from './client/nest/a2a-client.options.js';
export type { ClientTlsOptions } from './client/http/client-http.js';
export { getA2aClientToken, InjectA2aClient } from './client/nest/inject-a2a-client.decorator.js';
export type {
  A2aClientLimits,
  A2aClientOptions,
  ClientBinding,
  HeadersRequest,
  HeadersSource,
  InterfacePreference,
} from './client/options/client.options.js';
export type { MessageToSend, OutgoingMessage } from './client/outgoing-message.js';
export { A2aStream } from './client/stream/a2a-stream.js';
export { ClientTaskManager, type ClientTaskManagerOptions } from './client/task/client-task.manager.js';
export * from './client/errors/client.errors.js';
export type * from './protocol/v0-3/v0-3.model.js';
