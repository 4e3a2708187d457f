import type { ArgumentsHost } from '@nestjs/common';
import type { CallContext } from '../security/call-context.js';
import { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** `ctx.getType()` in guards, interceptors and filters that run around an agent. */
export const A2A_CONTEXT_TYPE = 'a2a';

/** The arguments of an agent's run, for guards, interceptors and filters; also `ctx.getArgs()`, in this order. */
export interface A2aExecutionContext {
  readonly request: RequestContext;
  readonly updater: TaskUpdater;
}

/**
 * The run of an ExecutionContext or ArgumentsHost. Throws TypeError if it is not that of an agent. An enhancer that is used in
 * several kinds of context checks `ctx.getType<'a2a' | ContextType>() === 'a2a'` first.
 */
export function getA2aContext(host: ArgumentsHost): A2aExecutionContext {
  const [request, updater] = host.getArgs<[unknown, TaskUpdater]>();
  assertAgent(host, 'getA2aContext');
  if (!(request instanceof RequestContext)) {
    throw new TypeError('getA2aContext() was called for an extended card, which has no run: use getA2aCaller().');
  }
  return { request, updater };
}

/**
 * The caller, in guards of an agent with an extended card: they also run around `extendedAgentCard(card, caller)`, where there is
 * no run. Throws TypeError like getA2aContext().
 */
export function getA2aCaller(host: ArgumentsHost): CallContext {
  const [request, caller] = host.getArgs<[unknown, CallContext]>();
  assertAgent(host, 'getA2aCaller');
  return request instanceof RequestContext ? request.caller : caller;
}

function assertAgent(host: ArgumentsHost, name: string): void {
  if (host.getType<string>() === A2A_CONTEXT_TYPE) return;
  throw new TypeError(
    `${name}() was called in a context of type '${host.getType<string>()}', not '${A2A_CONTEXT_TYPE}': ask ctx.getType() first.`,
  );
}
