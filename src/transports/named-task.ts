import type { ValidRequest } from './operation.js';

/** The task that a request names; undefined: none. A webhook has an id besides that of its task. */
export function namedTask(request: ValidRequest): string | undefined {
  if ('message' in request) return request.message.taskId;
  if ('taskId' in request) return request.taskId;
  return 'id' in request ? request.id : undefined;
}
