import { taskNotFound } from '../protocol/errors/index.js';
import type { CallContext } from '../security/call-context.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import type { TaskStore } from '../tasks/task-store.interface.js';
import type { PushConfigQuota } from './push-config.quota.js';
import type { TargetVerifier } from './target.verifier.js';

/** What a config needs before it is stored: room among those of its owner, and a target that wants it, if that is asked for. */
export class PushConfigAdmission {
  constructor(
    private readonly tasks: Pick<TaskStore, 'head'>,
    private readonly quota: PushConfigQuota,
    private readonly verifier: TargetVerifier | undefined,
  ) {}

  /**
   * `within`: where the config stands in the request, for errors. `isNew`: the task is made with it, so it is not there yet.
   * @throws A2AError
   */
  async admit(
    config: PushConfig,
    taskId: string,
    caller: CallContext,
    { within = '', isNew = false }: { within?: string; isNew?: boolean } = {},
  ): Promise<void> {
    // Nobody is called for a task that is not the caller's.
    if (this.verifier && !isNew && !(await this.tasks.head(caller, taskId))) throw taskNotFound(taskId);
    await this.quota.enter(caller, taskId, config.id);
    await this.verifier?.verify(caller.owner, config.url, `${within}url`);
  }
}
