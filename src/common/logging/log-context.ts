import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestRef } from './request-ref.js';
import { withMembers } from '../with-members.js';

/** What the present code works for, as fields of a log line. Fields that are not known are absent. */
export interface LogContext {
  /** The id of the request: `X-Request-Id`, or one that was made here. Absent in turns that run later than their request. */
  readonly requestId?: string;
  /** The trace id of the request's `traceparent`. */
  readonly traceId?: string;
  readonly agent?: string;
  /** As `logContext.owner` says: plain, or a keyed hash. */
  readonly owner?: string;
  readonly tenant?: string;
  readonly taskId?: string;
  readonly contextId?: string;
}

/** What is told of a request or of a run. */
export interface LogFields {
  readonly request?: RequestRef;
  readonly agent?: string;
  readonly owner?: string;
  readonly tenant?: string;
  readonly taskId?: string;
  readonly contextId?: string;
}

/** What logs show in place of an owner; undefined: nothing. */
export type ShownOwner = (owner: string) => string | undefined;

interface Scope {
  readonly shown: ShownOwner;
  fields: LogFields;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * The request and the task that the calling code works for, for lines that your own logger writes: in an agent, in what it calls, and in
 * guards and interceptors of the routes. undefined: outside of any, or `logContext` of the module is off.
 *
 * @example pino({ mixin: () => ({ ...a2aLogContext() }) })
 */
export function a2aLogContext(): LogContext | undefined {
  const scope = scopes.getStore();
  if (scope === undefined) return undefined;
  const { request, agent, owner, tenant, taskId, contextId } = scope.fields;
  const shown = owner === undefined ? undefined : scope.shown(owner);
  return {
    ...(request && { requestId: request.id }),
    ...(request?.traceId !== undefined && { traceId: request.traceId }),
    ...(agent !== undefined && { agent }),
    ...(shown !== undefined && { owner: shown }),
    ...(tenant && { tenant }),
    ...(taskId !== undefined && { taskId }),
    ...(contextId !== undefined && { contextId }),
  };
}

/** The request that the calling code works for. */
export const currentRequest = (): RequestRef | undefined => scopes.getStore()?.fields.request;

/** Adds to what the logs say of the present request from here on. */
export function tellLogs(fields: LogFields): void {
  const scope = scopes.getStore();
  if (scope !== undefined) scope.fields = withMembers(scope.fields, fields);
}

/** Runs `work`, and all that it starts, with these fields and no others. */
export const withLogFields = <T>(shown: ShownOwner, fields: LogFields, work: () => T): T =>
  scopes.run({ shown, fields }, work);
