import { taskNotFound } from '../protocol/errors/index.js';
import type { CallContext } from '../security/call-context.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import type { TaskStore } from '../tasks/task-store.interface.js';
import type { PushConfigQuota } from './push-config.quota.js';
import type { TargetVerifier } from './target.verifier.js';

/**
 * Admits a config before it is stored: its owner must have quota left, and the target must confirm it, if `verifyTargets` is set.
 */
export class PushConfigAdmission {
  constructor(
    private readonly tasks: Pick<TaskStore, 'head'>,
    private readonly quota: PushConfigQuota,
    private readonly verifier: TargetVerifier | undefined,
  ) {}

  /**
   * `within`: path of the config in the request, for errors. `isNew`: the task is created with it, so it does not exist yet.
   * @throws A2AError
   */
  async admit(
    config: PushConfig,
    taskId: string,
    caller: CallContext,
    { within = '', isNew = false }: { within?: string; isNew?: boolean } = {},
  ): Promise<void> {
    // No call is made for a task that is not the caller's.
    if (this.verifier && !isNew && !(await this.tasks.head(caller, taskId))) throw taskNotFound(taskId);
    await this.quota.reserve(caller, taskId, config.id);
    await this.verifier?.verify(caller.owner, config.url, `${within}url`);
  }
}
