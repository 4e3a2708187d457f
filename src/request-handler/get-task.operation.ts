import { Inject, Injectable } from '@nestjs/common';
import { taskNotFound } from '../protocol/errors/index.js';
import type { GetTaskRequest, Task } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { projectTask } from '../tasks/project-task.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';

/** GetTask. Spec 3.1.3. */
@Injectable()
export class GetTaskOperation {
  constructor(@Inject(TASK_STORE) private readonly store: TaskStore) {}

  async execute({ id, historyLength }: GetTaskRequest, caller: CallContext): Promise<Task> {
    const snapshot = await this.store.get(caller, id);
    if (!snapshot) throw taskNotFound(id);
    return projectTask(snapshot.task, { historyLength, includeArtifacts: true });
  }
}
