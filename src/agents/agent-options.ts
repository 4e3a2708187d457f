import type {
  AgentExtension,
  AgentProvider,
  AgentSkill,
  SecurityRequirement,
  SecurityScheme,
} from '../protocol/model/index.js';

import type { RetentionPolicy } from '../tasks/retention/retention.policy.js';
import type { ExtendedCardOptions } from './cards/extended-card.options.js';

/** When a turn is retried after a temporary failure. */
export interface RetryOptions {
  /** Starts of a turn, the first one included. 1: no retry. Default 3. */
  maxAttempts?: number;
  /** Delay before the second start, in ms. It doubles each time, less a random part of up to a half. Default 1000. */
  delayMs?: number;
  /** Longest delay, in ms. Default 60,000. */
  maxDelayMs?: number;
}

/** Options of `@A2aAgent()`. */
export interface A2aAgentOptions {
  /** `[a-z0-9][a-z0-9-]{0,62}`; names the endpoint `/agents/{id}`. */
  id: string;
  /** Shown to people. Default: the id. */
  name?: string;
  description: string;
  /** Version of the agent itself. Default '1.0.0'. */
  version?: string;
  skills: AgentSkill[];
  /** Media types. Default ['text/plain']. */
  inputModes?: string[];
  /** Media types. Default ['text/plain']. */
  outputModes?: string[];
  provider?: AgentProvider;
  documentationUrl?: string;
  iconUrl?: string;
  securitySchemes?: Record<string, SecurityScheme>;
  securityRequirements?: SecurityRequirement[];
  extensions?: AgentExtension[];
  /**
   * What the extended card adds to the public one, for authenticated callers. The provider's method `extendedAgentCard` can
   * add more, by caller. Default: none, and without that method GetExtendedAgentCard answers UnsupportedOperation.
   */
  extendedCard?: ExtendedCardOptions;
  /**
   * Declared in the card, so that v1.0 clients send it with each request (spec 8.3.2). It applies to callers that name none.
   * Default: `tenants.declared` of the module.
   */
  tenant?: string;
  /** false: the streaming operations answer UnsupportedOperation. Default true. */
  streaming?: boolean;
  /**
   * false: no webhooks for its tasks. Default true where the server has them, except for `replies: 'message'`, which makes no
   * tasks.
   */
  pushNotifications?: boolean;
  /** Served at the root (or the module's `path`) too. At most one agent. Default false. */
  default?: boolean;
  /**
   * 'task' (default): the task exists before `execute` starts. 'message': the agent answers with one Message and no task.
   * 'either': its first event decides; nothing is stored or acknowledged before.
   */
  replies?: 'task' | 'message' | 'either';
  /** Run again after a crash of its process. Default false: the task fails with a reason. */
  resumable?: boolean;
  /** Total time of a turn, in ms; then the task fails with DEADLINE. Default: the module's `deadlineMs` (30 minutes). */
  deadlineMs?: number;
  /** How long its tasks and their event logs are kept. Absent times are those of the module's `retention`. */
  retention?: RetentionPolicy;
  /**
   * Time that a turn may go without an event, in ms; then the task fails with IDLE_DEADLINE. 0: no limit. Default: the module's
   * `idleMs` (0).
   */
  idleMs?: number;
  /** Concurrent runs of this agent in one process; others wait. Default: no limit of its own. */
  maxRuns?: number;
  /** When a turn is retried after a TransientAgentError. */
  retry?: RetryOptions;
}
