import type { Observable } from 'rxjs';
import type { TaskScope } from '../../security/call-context.js';
import type { KnownMessage } from '../core/message-rules.js';
import type { StoredTask } from '../stored/stored-task.js';

/**
 * The tasks of a storage that one process uses, in its memory, and how what is changed there is stored. `tableStores` makes stores of
 * it. What a store does between two `await`s is atomic: JavaScript runs one function at a time.
 */
export interface TaskTable {
  /** Emits when something is owed to a webhook. */
  readonly owed: Observable<void>;
  /** All tasks, in any order. */
  tasks(): Iterable<StoredTask>;
  /** Without a scope: of any owner. */
  find(taskId: string, scope?: TaskScope): StoredTask | undefined;
  /** Which task took the message with this id, in this scope. It may be a task that is gone. */
  messageOf(scope: TaskScope, id: string): KnownMessage | undefined;
  addMessage(task: StoredTask, id: string, digest: string): void;
  forgetMessage(task: StoredTask, id: string): void;
  /**
   * Gives the answer as soon as these changed tasks are stored, and all others whose changes the answer may show. An answer is not
   * given before, else a crash takes back what somebody was told. Throws A2AError UNAVAILABLE.
   */
  stored<T>(answer: T, ...changed: readonly (StoredTask | undefined)[]): Promise<T>;
}
