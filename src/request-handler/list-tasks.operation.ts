import { Inject, Injectable } from '@nestjs/common';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import type { ListTasksRequest, ListTasksResponse } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { ContentGate } from '../tasks/content-gate.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import type { OperationOptions } from './request-handler.interface.js';

/** ListTasks. Spec 3.1.4. */
@Injectable()
export class ListTasksOperation {
  constructor(
    @Inject(TASK_STORE) private readonly store: TaskStore,
    private readonly gate: ContentGate,
    @Inject(LIMITS_OPTIONS) private readonly limits: LimitsOptions,
  ) {}

  async execute(
    request: ListTasksRequest,
    caller: CallContext,
    { pageForm: form }: OperationOptions,
  ): Promise<ListTasksResponse> {
    let release: (() => void) | undefined;
    const admit = async (bytes: number): Promise<void> => {
      release = await this.gate.admit(caller.owner, bytes);
    };
    try {
      const maxBytes = Math.min(this.limits.maxPageBytes, form?.maxBytes ?? Infinity);
      return await this.store.list(caller, request, { maxBytes, form, admit });
    } finally {
      release?.();
    }
  }
}
