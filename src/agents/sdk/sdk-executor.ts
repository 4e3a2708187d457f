/**
 * An `AgentExecutor` of `@a2a-js/sdk`, 1.x or 0.3.x, by its shape: the SDK is not needed to run it. The parameters are those of
 * the SDK, whose classes these types do not name.
 */
export interface SdkExecutor {
  execute(requestContext: never, eventBus: never): Promise<void> | void;
  cancelTask?(taskId: string, eventBus: never): Promise<void> | void;
}

/** Which SDK an executor was written for: the messages it reads and publishes differ. */
export type SdkVersion = '1.0' | '0.3';

export function isSdkExecutor(value: unknown): value is SdkExecutor {
  const { execute, cancelTask } = Object(value) as { execute?: unknown; cancelTask?: unknown };
  return typeof execute === 'function' && (cancelTask === undefined || typeof cancelTask === 'function');
}

export function checkSdkExecutor(value: unknown, where: string): SdkExecutor {
  if (isSdkExecutor(value)) return value;
  throw new TypeError(
    `${where}: the executor must have the methods execute(requestContext, eventBus) and cancelTask(taskId, eventBus), like an AgentExecutor of @a2a-js/sdk.`,
  );
}
