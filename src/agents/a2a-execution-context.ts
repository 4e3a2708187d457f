import type { ArgumentsHost } from '@nestjs/common';
import { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** `ctx.getType()` in guards, interceptors and filters that run around an agent. */
export const A2A_CONTEXT_TYPE = 'a2a';

/** What a guard, interceptor or filter sees of an agent's run; also `ctx.getArgs()`, in this order. */
export interface A2aExecutionContext {
  readonly request: RequestContext;
  readonly updater: TaskUpdater;
}

/**
 * The run behind an ExecutionContext or ArgumentsHost. Throws TypeError when it is not that of an agent; an enhancer used in
 * several kinds of context asks `ctx.getType<'a2a' | ContextType>() === 'a2a'` first.
 */
export function getA2aContext(host: ArgumentsHost): A2aExecutionContext {
  const [request, updater] = host.getArgs<[unknown, TaskUpdater]>();
  if (host.getType<string>() !== A2A_CONTEXT_TYPE || !(request instanceof RequestContext)) {
    throw new TypeError(
      `getA2aContext() was called in a context of type '${host.getType<string>()}', not '${A2A_CONTEXT_TYPE}': ask ctx.getType() first.`,
    );
  }
  return { request, updater };
}
