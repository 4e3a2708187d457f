import { Injectable } from '@nestjs/common';
import { TaskCanceler } from '../execution/task.canceler.js';
import type { CancelTaskRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { GetTaskOperation } from './get-task.operation.js';

/** CancelTask. Spec 3.1.5. */
@Injectable()
export class CancelTaskOperation {
  constructor(
    private readonly canceler: TaskCanceler,
    private readonly tasks: GetTaskOperation,
  ) {}

  async execute({ id }: CancelTaskRequest, caller: CallContext): Promise<TaskDocument> {
    await this.canceler.cancel(caller, id);
    return this.tasks.execute({ id }, caller);
  }
}
