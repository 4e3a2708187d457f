export { A2aModule } from './a2a.module.js';
export type { A2aModuleAsyncOptions } from './a2a-options.module.js';
export type { A2aModuleExtras, A2aModuleOptions, A2aOptionsFactory } from './a2a.options.js';
export type { AuditEntry, AuditOutcome, AuditRecord } from './audit/audit-record.js';
export type { AuditOptions, AuditSettings } from './audit/audit.options.js';
export type { AuditSink } from './audit/audit-sink.interface.js';
export { AuditTrail, type AuditPorts } from './audit/audit.trail.js';
export { auditFile, auditStdout } from './audit/json-lines.sink.js';
export type { CallRateStore, StoredBudget } from './common/call-rates/call-rate-store.interface.js';
export type { StoredUsage } from './common/quotas/known-usage.js';
export type { OwnerQuota, QuotasOptions, TenantQuota } from './common/quotas/quotas.options.js';
export type { LimitsOptions } from './common/limits.options.js';
export type { LogContextOptions } from './common/logging/log-context.options.js';
export { a2aLogContext, type LogContext } from './common/logging/log-context.js';
export type { RequestRef } from './common/logging/request-ref.js';
export type { ExecutionOptions } from './execution/execution.options.js';
export type { GrpcTransport } from './transports/grpc/grpc-transport.interface.js';
export type { HttpBindings, HttpTransportOptions } from './transports/http/http-transport.options.js';
export { configureA2a } from './transports/http/configure-a2a.js';
export { A2aRoute } from './transports/http/a2a-route.decorator.js';
export { A2aAgent, type AgentClass } from './agents/a2a-agent.decorator.js';
export { getA2aCaller, getA2aContext, type A2aExecutionContext } from './agents/a2a-execution-context.js';
export type {
  AgentEventDraft,
  AgentEvents,
  ArtifactDraft,
  ArtifactUpdateDraft,
  MessageDraft,
  StatusDraft,
  StatusUpdateDraft,
  TaskDraft,
} from './agents/agent-event-draft.js';
export { AgentConfigurationError } from './agents/agent.validator.js';
export type { A2aAgentOptions, RetryOptions } from './agents/agent-options.js';
export { InvalidAgentEventError } from './agents/invalid-agent-event.error.js';
export { failAgentCall } from './execution/runs/stray-errors.js';
export { TransientAgentError, type TransientAgentErrorOptions } from './agents/transient-agent.error.js';
export type { CardDefaults } from './agents/cards/card-defaults.js';
export type { CardsOptions } from './agents/cards/cards.options.js';
export type { CardSigningOptions } from './agents/cards/signing/card-signing.options.js';
export type { SigningAlgorithm, SigningKey, VerificationKey } from './security/keys/signing-key.js';
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
  type RequireHttps,
  type OutboundRequest,
  type OutboundResponse,
  type ResolvedAddress,
  type ResolveHost,
} from './security/outbound/index.js';
export type { PushNotificationsOptions } from './push-notifications/push-notifications.options.js';
export type { WebhookSigningOptions } from './push-notifications/signing/webhook-signing.options.js';
export type { EncryptionKey } from './security/keys/secret-box.js';
export { DrainService } from './execution/drain.service.js';
export { A2aTasks, type InProcessCaller } from './transports/in-process/a2a-tasks.js';
export { A2aAgentTasks, type AgentCaller } from './transports/in-process/a2a-agent-tasks.js';
export { getA2aAgentToken, InjectA2aAgent } from './transports/in-process/inject-a2a-agent.decorator.js';
export {
  OnTaskEvent,
  type HandledTaskEvent,
  type OnTaskEventOptions,
  type TaskEventHandler,
} from './transports/in-process/handlers/on-task-event.decorator.js';
export type { MessageToSend, OutgoingMessage } from './protocol/outgoing-message.js';
export type { SentEvent, SequencedEvent } from './transports/in-process/task-events.js';
export type { RetainedStates, RetentionOptions, RetentionPolicy } from './tasks/retention/retention.policy.js';
export { memoryStorage, type MemoryStorageOptions } from './storage/memory.storage.js';
export type { A2aStorage, OpenStorage, StorageContext } from './storage/a2a-storage.interface.js';
export { A2A_CONNECTION } from './storage/storage.module.js';
export type { A2aBus } from './events/bus/a2a-bus.interface.js';
export { inProcessBus } from './events/bus/in-process.bus.js';
export type { EventBus, TaskNews, TaskWake } from './events/event-bus.interface.js';
export type { CommitAttempted } from './tasks/append-metrics.js';
export type { OperatorStores, Stores } from './tasks/stores.js';
export type * from './tasks/admin/admin-rows.js';
export type * from './tasks/admin/admin-store.interface.js';
export type { DeliveryAttempt } from './tasks/admin/delivery-attempt.js';
export type { CommittedEvent, EventEncoding } from './tasks/committed-event.js';
export type { ListLimits } from './tasks/list-page.js';
export type { CountedForm } from './tasks/newest-that-fit.js';
export type { OpenTask } from './tasks/open-task.js';
export type { EventKind, PendingEvent } from './tasks/pending-event.js';
export type { RunRef, TaskRecord, TaskSnapshot } from './tasks/task-record.js';
export type { StartedTurn, MessageRequest, TurnRequest } from './tasks/turn-request.js';
export type * from './tasks/inbox-store.interface.js';
export type * from './tasks/job-schedule.interface.js';
export type * from './tasks/lease-connection.interface.js';
export type * from './tasks/outbox.interface.js';
export type * from './tasks/push-config-store.interface.js';
export type * from './tasks/run-store.interface.js';
export type * from './tasks/task-store.interface.js';
export { TASK_STORE } from './tasks/task-store.interface.js';
export type * from './tasks/admin/admin-rows.js';
export type * from './tasks/admin/admin-store.interface.js';
export { ADMIN_STORE } from './tasks/admin/admin-store.interface.js';
export type * from './tasks/retention/legal-hold-store.interface.js';
export { LEGAL_HOLD_STORE } from './tasks/retention/legal-hold-store.interface.js';
export {
  type ErasureCounts,
  type ErasureReport,
  type ErasureRequest,
  type ErasureStores,
  eraseOwner,
  LegalHoldError,
} from './tasks/retention/erase-owner.js';
export type { TraceCarrier } from './common/tracing/tracing.interface.js';
export { MissingPackageError } from './common/load-optional.js';
export { type A2aClaims, type A2aPrincipal, setA2aPrincipal } from './security/principal.js';
export {
  A2aAuthModule,
  type A2aAuthAsyncOptions,
  type A2aAuthOptionsFactory,
} from './security/authentication/a2a-auth.module.js';
export type { A2aAuthOptions } from './security/authentication/authentication.options.js';
export type { AuthenticationCall, Authenticator } from './security/authentication/authenticator.interface.js';
export { type ApiKeysOptions, apiKeys } from './security/authentication/api-keys/api-key.authenticator.js';
export { type ApiKeyRecord, newApiKey } from './security/authentication/api-keys/api-key.js';
export type { ApiKeyStore } from './security/authentication/api-keys/api-key-store.interface.js';
export { STORED_API_KEYS, type StoredApiKeys } from './security/authentication/api-keys/stored-api-keys.interface.js';
export {
  clientCertificates,
  type ClientCertificatesOptions,
} from './security/authentication/certificate.authenticator.js';
export type { CorsOptions } from './security/browsers/cors.options.js';
export { trustedGateway, type TrustedGatewayOptions } from './security/authentication/gateway.authenticator.js';
export { guardScheme } from './security/authentication/guard-scheme.js';
export type { ClaimNames } from './security/authentication/oidc/claim-names.js';
export { oidc } from './security/authentication/oidc/oidc.authenticator.js';
export type { OidcOptions } from './security/authentication/oidc/oidc.options.js';
export type { PrincipalOptions } from './security/principal.options.js';
export type { TenantResolver, TenantsOptions } from './security/tenants.options.js';
export type { CallContext, TaskScope } from './security/call-context.js';
export { A2AError, type A2AErrorOptions, type ErrorReason, type FieldViolation } from './protocol/errors/index.js';
export type * from './protocol/model/index.js';
