import { cloneJson } from '../../protocol/clone-json.js';
import type { Message, Task } from '../../protocol/model/index.js';
import { isInterrupted } from '../../protocol/state/task-state.js';
import type { RequestContext } from '../request-context.js';
import { SdkCallContext } from './sdk-call-context.js';
import type { SdkDialect } from './sdk-dialect.js';

/** Makes what executors find as `requestContext.context` of it. */
export type SdkCallContextBuilder = (callContext: SdkCallContext, context: RequestContext) => object;

/** What an executor is called with, and the task that it may see in it. */
export interface SdkRequest {
  readonly requestContext: object;
  /** undefined in the first turn, where executors of the SDK expect none. */
  readonly task: () => Task | undefined;
}

/** The SDK's RequestContext, with `signal`, `attempt` and `contextKey` of ours. `task` is made when it is read. */
export function sdkRequest(context: RequestContext, dialect: SdkDialect, build?: SdkCallContextBuilder): SdkRequest {
  const { taskId, contextId, signal, attempt, referencedTasks, message } = context;
  const callContext = new SdkCallContext(context);
  let given: Task | undefined;
  const task = (): Task | undefined => {
    if (context.turn > 1) given ??= beforeTurn(context);
    return given;
  };
  let shown: object | undefined;
  const requestContext = {
    ...dialect.request(context, { ...message, taskId, contextId }),
    taskId,
    contextId,
    context: build?.(callContext, context) ?? callContext,
    ...(message.referenceTaskIds?.length && { referenceTasks: referencedTasks.map((each) => dialect.task(each)) }),
    signal,
    attempt,
    contextKey: context.contextKey,
    get task(): object | undefined {
      const now = task();
      // A copy: the executor may change it and publish it.
      return (shown ??= now && dialect.task(cloneJson(now)));
    },
  };
  return { requestContext, task };
}

/**
 * The task as the SDK shows it to a follow-up: in the state that it waited in, with the question as its status message. Here it is
 * already working, and the question is in the history.
 */
function beforeTurn({ currentTask, previousState, message }: RequestContext): Task | undefined {
  if (!currentTask || !previousState || !isInterrupted(previousState)) return currentTask;
  const question = questionBefore(currentTask.history ?? [], message);
  return {
    ...currentTask,
    status: { ...currentTask.status, state: previousState, ...(question && { message: question }) },
  };
}

function questionBefore(history: readonly Message[], { messageId }: Message): Message | undefined {
  const before = history[history.findLastIndex((each) => each.messageId === messageId) - 1];
  return before?.role === 'ROLE_AGENT' ? before : undefined;
}
