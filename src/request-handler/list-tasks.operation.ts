import { Inject, Injectable } from '@nestjs/common';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import type { ListTasksRequest, ListTasksResponse } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';

/** ListTasks. Spec 3.1.4. */
@Injectable()
export class ListTasksOperation {
  constructor(
    @Inject(TASK_STORE) private readonly store: TaskStore,
    @Inject(LIMITS_OPTIONS) private readonly limits: LimitsOptions,
  ) {}

  execute(request: ListTasksRequest, caller: CallContext): Promise<ListTasksResponse> {
    return this.store.list(caller, request, { maxBytes: this.limits.maxPageBytes });
  }
}
