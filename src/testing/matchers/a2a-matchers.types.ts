import type { StateName } from '../harness/event-facts.js';

/** The types of `a2aMatchers`. `R` is what a matcher returns: a Promise after `.resolves` and `.rejects`. */
export interface A2aMatchers<R = void> {
  /** `COMPLETED` or `TASK_STATE_COMPLETED`. */
  toHaveTaskState(state: StateName): R;
  /** An artifact with this name or id. */
  toHaveArtifact(nameOrId: string): R;
  /** An artifact whose text parts, put together, are this text. `nameOrId`: this artifact; default: any. */
  toHaveArtifactText(text: string | RegExp, nameOrId?: string): R;
  /** The message of the task's status, such as the question of a task that needs input. */
  toHaveStatusText(text: string | RegExp): R;
  /** The answer is a Message, not a task. */
  toHaveReply(text: string | RegExp): R;
}
