import type { Type } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { AgentExecutor } from '../../src/agents/agent-executor.interface.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import type { AgentCard } from '../../src/protocol/model/index.js';
import type { CallContext } from '../../src/security/call-context.js';
import type { ConformanceCard } from '../../src/service/configuration/service-arguments.js';
import { conformanceOptions } from './conformance-card.js';
import { CONFORMANCE_TIMING } from './timing.js';
import { scenarioOf } from './v1-0.scenarios.js';

/**
 * The agent that the official conformance suites test a server with, with one of its cards: a provider to register. Each
 * version has a suite of its own, so the version of a call tells which one asks.
 */
export function conformanceAgent(card: ConformanceCard, timing = CONFORMANCE_TIMING): Type<AgentExecutor> {
  @A2aAgent(conformanceOptions(card))
  class ConformanceAgent implements AgentExecutor {
    /** Without credentials the v1.0 suite wants to see the card, and the v0.3 suite to be refused. */
    extendedAgentCard =
      card === 'all-on'
        ? (own: AgentCard, { protocolVersion }: CallContext) => (protocolVersion === '0.3' ? undefined : own)
        : undefined;

    execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
      const { caller, message } = context;
      if (caller.protocolVersion === '0.3') return this.v03(context, updater);
      return scenarioOf(message.messageId)(updater, context, timing);
    }

    /** Never completes: the suite follows up on its tasks and cancels them. */
    private async v03({ message, signal }: RequestContext, updater: TaskUpdater): Promise<void> {
      await sleep(timing.v03Start, undefined, { signal });
      await updater.startWork();
      const resubscribed = message.messageId.startsWith('test-resubscribe-message-id');
      await sleep(resubscribed ? timing.v03Resubscribe : timing.v03Work, undefined, { signal });
      await updater.requiresInput('Send another message, or cancel the task.');
    }
  }
  return ConformanceAgent;
}
