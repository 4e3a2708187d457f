/** The queue accepts nothing more (enqueue, tap), or is closed and empty (dequeue). */
export class QueueClosedError extends Error {
  override readonly name = 'QueueClosedError';
  constructor(message = 'The event queue is closed.') {
    super(message);
  }
}

/** `dequeueEvent({ noWait: true })` found nothing. */
export class QueueEmptyError extends Error {
  override readonly name = 'QueueEmptyError';
  constructor(message = 'The event queue is empty.') {
    super(message);
  }
}

/** The tap overflowed and dropped what it held: read the log from the last seq that was handled, then `resume()`. */
export class TapLaggingError extends Error {
  override readonly name = 'TapLaggingError';
  constructor(message = 'The tap overflowed and dropped its events: read them from the log, after resume().') {
    super(message);
  }
}

/** A queue is already registered for this task. */
export class TaskQueueExists extends Error {
  override readonly name = 'TaskQueueExists';
  constructor(readonly taskId: string) {
    super(`Task ${taskId} has a queue already: use get, tap or createOrTap.`);
  }
}

/** No queue is registered for this task. */
export class NoTaskQueue extends Error {
  override readonly name = 'NoTaskQueue';
  constructor(readonly taskId: string) {
    super(`Task ${taskId} has no queue.`);
  }
}

/** This subscriber is already on the task. */
export class TaskSubscriberExists extends Error {
  override readonly name = 'TaskSubscriberExists';
  constructor(
    readonly taskId: string,
    readonly subscriberId: string,
  ) {
    super(`Subscriber ${subscriberId} is on task ${taskId} already: choose another id, or remove it first.`);
  }
}

/** This subscriber is not on the task: it was never added, was removed, or has read a closed queue to its end. */
export class NoTaskSubscriber extends Error {
  override readonly name = 'NoTaskSubscriber';
  constructor(
    readonly taskId: string,
    readonly subscriberId: string,
  ) {
    super(`Subscriber ${subscriberId} is not on task ${taskId}: call addSubscriber first.`);
  }
}
