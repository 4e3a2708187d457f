import type { AgentCard } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { A2aAgentOptions } from './agent-options.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** Injects the `AgentRegistry`. */
export const AGENT_REGISTRY = Symbol('AgentRegistry');

/** An agent that passed validation at boot. */
export interface RegisteredAgent {
  readonly id: string;
  /** With their defaults; `pushNotifications` only where the server has them, and `extensions` hold those of the server too. */
  readonly options: Readonly<
    Required<
      Pick<
        A2aAgentOptions,
        'name' | 'version' | 'inputModes' | 'outputModes' | 'streaming' | 'pushNotifications' | 'replies' | 'resumable'
      >
    > &
      A2aAgentOptions
  >;
  readonly className: string;
  readonly instance: AgentExecutor;
  /** Runs the guards of `execute`, before a message is stored; rejects with what they throw. undefined: there are none. */
  admit?(context: RequestContext, updater: TaskUpdater): Promise<void>;
  /** Runs `execute` through Nest's interceptors and filters, drains a generator into the updater; rejects with what the agent throws. */
  execute(context: RequestContext, updater: TaskUpdater): Promise<void>;
  /** Runs the guards of `cancel`, before the cancel request is stored; rejects with what they throw. undefined: there are none. */
  admitCancel?(context: RequestContext, updater: TaskUpdater): Promise<void>;
  /** Runs `cancel` through Nest's interceptors and filters; undefined when the agent has none. */
  cancel?(context: RequestContext, updater: TaskUpdater): Promise<void>;
  /** Makes the card for a caller from the public card, inside Nest's pipeline; undefined if the agent has no extended card. */
  extendedCard?(card: AgentCard, caller: CallContext): Promise<AgentCard | undefined>;
}

/** The agents of the application, once it has started. */
export interface AgentRegistry {
  get(id: string): RegisteredAgent | undefined;
  /** The agent that is served at the root, if any. */
  readonly default: RegisteredAgent | undefined;
  all(): readonly RegisteredAgent[];
}
