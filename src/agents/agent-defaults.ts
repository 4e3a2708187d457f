import type { A2aAgentOptions } from './agent-options.js';
import type { RegisteredAgent } from './agent-registry.interface.js';
import type { AgentsModuleOptions } from './agents.options.js';
import { withCardDefaults } from './cards/card-defaults.js';
import { withResume } from './cards/resume.extension.js';

export const AGENT_DEFAULTS = {
  version: '1.0.0',
  inputModes: ['text/plain'],
  outputModes: ['text/plain'],
  default: false,
  streaming: true,
  replies: 'task',
  resumable: false,
} as const satisfies Partial<A2aAgentOptions>;

/** The options of an agent, completed by the module's options for all agents and by the defaults. */
export function withDefaults(
  given: A2aAgentOptions,
  { cards, tenant, pushNotifications: push = true, deduplicateMessages = true }: AgentsModuleOptions = {},
): RegisteredAgent['options'] {
  const named = given.tenant ?? tenant;
  const options = withCardDefaults(named === undefined ? given : { ...given, tenant: named }, cards);
  const { streaming = AGENT_DEFAULTS.streaming, replies = AGENT_DEFAULTS.replies } = options;
  return Object.freeze({
    ...options,
    name: options.name ?? options.id,
    version: options.version ?? AGENT_DEFAULTS.version,
    inputModes: options.inputModes ?? AGENT_DEFAULTS.inputModes,
    outputModes: options.outputModes ?? AGENT_DEFAULTS.outputModes,
    streaming,
    // A Message is not stored, so a retry of the message that it answered cannot be detected.
    extensions: withResume(options.extensions, {
      streaming,
      idempotentMessages: deduplicateMessages && replies === 'task',
    }),
    pushNotifications: push && (options.pushNotifications ?? replies !== 'message'),
    replies,
    resumable: options.resumable ?? AGENT_DEFAULTS.resumable,
  });
}
