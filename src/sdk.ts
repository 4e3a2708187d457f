// The entry point nest-a2a/sdk: executors written for @a2a-js/sdk. The SDK itself is not loaded.
export { adaptExecutor, type AdaptedAgent } from './agents/sdk/adapt-executor.js';
export type { AdaptOptions } from './agents/sdk/adapt.options.js';
export { sdkAgent, type SdkAgentOptions } from './agents/sdk/sdk-agent.js';
export { SdkCallContext, type SdkUser } from './agents/sdk/sdk-call-context.js';
export { agentOptionsOf, type SdkAgentCard } from './agents/sdk/sdk-card.js';
export type { SdkExecutor, SdkVersion } from './agents/sdk/sdk-executor.js';
export type { SdkCallContextBuilder } from './agents/sdk/sdk-request-context.js';
