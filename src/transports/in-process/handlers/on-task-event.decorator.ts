import 'reflect-metadata';
import type { TaskEvent, TaskState } from '../../../protocol/model/index.js';
import type { EventKind } from '../../../tasks/pending-event.js';
import type { InProcessCaller } from '../a2a-tasks.js';

/** Which events a method is called with. Default: all events of all agents. */
export interface OnTaskEventOptions {
  /** Id of the agent whose tasks are meant. Default: those of all agents. */
  readonly agent?: string;
  /** Only events that put the task into one of these states: the task itself when it is created, and status updates. Default: any event. */
  readonly states?: readonly TaskState[];
  /** Default: all kinds. */
  readonly kinds?: readonly EventKind[];
  /**
   * Calls the method in one process of the cluster instead of in each, as a webhook is called: at least once, again after it threw or its
   * process died, and of an artifact that grows in chunks with the last one only. Default false.
   */
  readonly once?: boolean;
}

/** A committed event of a task. Each call gets objects of its own. */
export interface HandledTaskEvent {
  readonly taskId: string;
  readonly contextId: string;
  /** Counts the events of the task from 1. */
  readonly seq: number;
  readonly kind: EventKind;
  /** The state after the event. Absent: the event is an artifact. */
  readonly state?: TaskState;
  readonly event: TaskEvent;
}

/** `caller` is the owner of the task, its tenant and its agent: `A2aTasks` takes it as it is. */
export type TaskEventHandler = (event: HandledTaskEvent, caller: InProcessCaller) => unknown;

const ON_TASK_EVENT = Symbol('OnTaskEvent');

/**
 * Calls the method of a provider or controller with the events of tasks, in each process of the cluster. For one task, in order and one
 * after the other: the next event waits for the promise that the method returns, up to 30 s. What the method throws is logged.
 *
 * Delivery is best effort: at most once in each process, and not after a crash or a shutdown. Set `once` for what must not be lost.
 *
 * @example
 * @OnTaskEvent({ agent: 'writer', states: ['TASK_STATE_COMPLETED'] })
 * async completed({ taskId }: HandledTaskEvent, caller: InProcessCaller) {
 *   const task = await this.tasks.get(taskId, caller);
 * }
 */
export const OnTaskEvent =
  (options: OnTaskEventOptions = {}) =>
  <M extends TaskEventHandler>(_target: object, _name: string | symbol, { value }: TypedPropertyDescriptor<M>): void =>
    Reflect.defineMetadata(ON_TASK_EVENT, options, value as object);

/** undefined: the method is no handler. */
export const onTaskEventOf = (method: object): OnTaskEventOptions | undefined =>
  Reflect.getMetadata(ON_TASK_EVENT, method) as OnTaskEventOptions | undefined;
