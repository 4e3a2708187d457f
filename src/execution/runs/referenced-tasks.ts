import type { Message, Task } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { TaskStore } from '../../tasks/task-store.interface.js';

/** The tasks that a message refers to, as far as the caller may see them; others are omitted silently. Spec 3.4.3. */
export async function referencedTasksOf(
  store: TaskStore,
  caller: CallContext,
  message: Message,
  max: number,
): Promise<Task[]> {
  if (!message.referenceTaskIds?.length) return [];
  const ids = [...new Set(message.referenceTaskIds)].slice(0, max);
  const found = await Promise.all(ids.map((id) => store.get(caller, id)));
  return found.flatMap((snapshot) => (snapshot ? [snapshot.task] : []));
}
