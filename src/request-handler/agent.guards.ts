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

interface Asked {
  readonly taskId: string;
  readonly contextId: string;
  readonly turn: number;
  readonly attempt?: number;
}

/**
 * Runs the guards of an agent on a message, before anything is stored. They see the request as the agent will, but without `currentTask`.
 * On a cancel, they see the message of the turn to be canceled, and the caller and metadata of the cancel request. Rejects with what they throw; PERMISSION_DENIED when they refuse.
 */
export async function askGuards(
  agent: RegisteredAgent,
  what: 'message' | 'cancel',
  { message, metadata, configuration }: SendMessageRequest,
  { taskId, contextId, turn, attempt = 1 }: Asked,
  caller: CallContext,
): Promise<void> {
  const guarded = what === 'message' ? agent.admit : agent.admitCancel;
  if (!guarded) return;
  const context = new RequestContext({
    taskId,
    contextId,
    message: { ...message, contextId },
    metadata,
    configuration,
    referencedTasks: [],
    signal: new AbortController().signal,
    turn,
    attempt,
    caller,
    activatedExtensions: activeExtensions(agent.options.extensions, caller.requestedExtensions),
  });
  try {
    await guarded(context, new TaskUpdater(NO_TASK, taskId, contextId));
  } catch (error) {
    if (error instanceof A2AError) log.warn(`A guard of agent '${agent.id}' refused a ${what}: ${error.reason}.`);
    throw error;
  }
}
