import { Injectable } from '@nestjs/common';
import { taskNotFound } from '../protocol/errors/index.js';
import type { GetTaskRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { TaskDocuments } from '../tasks/task-documents.js';

/** GetTask. Spec 3.1.3. */
@Injectable()
export class GetTaskOperation {
  constructor(private readonly documents: TaskDocuments) {}

  async execute({ id, historyLength }: GetTaskRequest, caller: CallContext): Promise<TaskDocument> {
    const found = await this.documents.get(caller, id, { historyLength, includeArtifacts: true });
    if (!found) throw taskNotFound(id);
    return found.document;
  }
}
