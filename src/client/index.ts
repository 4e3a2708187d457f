// The entry point nest-a2a/client.
export { A2aClient } from './a2a.client.js';
export type { ClientCallOptions } from './calls/agent.caller.js';
export type { AgentCardOptions, AgentCardVerifier } from './card/agent-card.options.js';
export { agentCardVerifier, type AgentCardVerifierOptions, type SignatureHeader } from './card/agent-card.verifier.js';
export { connect } from './connect.js';
export { A2aClientModule } from './nest/a2a-client.module.js';
export type {
  A2aClientAgent,
  A2aClientModuleAsyncOptions,
  A2aClientModuleExtras,
  A2aClientModuleOptions,
} from './nest/a2a-client.options.js';
export type { ClientTlsOptions } from './http/client-http.js';
export { getA2aClientToken, InjectA2aClient } from './nest/inject-a2a-client.decorator.js';
export type {
  A2aClientLimits,
  A2aClientOptions,
  ClientBinding,
  HeadersRequest,
  HeadersSource,
  InterfacePreference,
} from './options/client.options.js';
export type { ResolvedAddress, ResolveHost } from '../security/outbound/index.js';
export type { MessageToSend, OutgoingMessage } from '../protocol/outgoing-message.js';
export { A2aStream } from './stream/a2a-stream.js';
export { ClientTaskManager, type ClientTaskManagerOptions } from './task/client-task.manager.js';
export * from './errors/client.errors.js';
export { A2aWebhookModule, type A2aWebhookModuleAsyncOptions } from './webhooks/a2a-webhook.module.js';
export { MemoryDeduplication, type DeliveryState, type WebhookDeduplication } from './webhooks/deduplication.js';
export { A2aNotification, A2aWebhook } from './webhooks/webhook.decorators.js';
export type { WebhookNotification } from './webhooks/webhook.notification.js';
export type { A2aWebhookOptions, WebhookRequest } from './webhooks/webhook.options.js';
export { A2AError, type A2AErrorOptions, type ErrorReason, type FieldViolation } from '../protocol/errors/index.js';
export type * from '../protocol/model/index.js';
export type * from '../protocol/v0-3/v0-3.model.js';
