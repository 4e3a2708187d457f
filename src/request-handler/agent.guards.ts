import type { AgentEventSink } from '../agents/agent-executor.interface.js';
import { activeExtensions } from '../agents/active-extensions.js';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { RequestContext } from '../agents/request-context.js';
import { TaskUpdater } from '../agents/task-updater.js';
import { SafeLogger } from '../common/safe-logger.js';
import { A2AError, invalidAgentResponse } from '../protocol/errors/index.js';
import type { SendMessageRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';

const log = new SafeLogger('AgentGuards');

/** There is no task yet that a guard could report on. */
const NO_TASK: AgentEventSink = {
  emit: () =>
    Promise.reject(invalidAgentResponse('A guard may not report events: nothing is stored before it agrees.')),
};

/**
 * Asks the guards of an agent about a message, before anything of it is stored. They see the request as the agent will, but for
 * `currentTask`. Rejects with what they throw; PERMISSION_DENIED when they refuse.
 */
export async function askGuards(
  agent: RegisteredAgent,
  { message, metadata, configuration }: SendMessageRequest,
  { taskId, contextId, turn }: { readonly taskId: string; readonly contextId: string; readonly turn: number },
  caller: CallContext,
): Promise<void> {
  if (!agent.admit) return;
  const context = new RequestContext({
    taskId,
    contextId,
    message: { ...message, contextId },
    metadata,
    configuration,
    referencedTasks: [],
    signal: new AbortController().signal,
    turn,
    attempt: 1,
    caller,
    activatedExtensions: activeExtensions(agent.options.extensions, caller.requestedExtensions),
  });
  try {
    await agent.admit(context, new TaskUpdater(NO_TASK, taskId, contextId));
  } catch (error) {
    if (error instanceof A2AError) log.warn(`A guard of agent '${agent.id}' refused a message: ${error.reason}.`);
    throw error;
  }
}
