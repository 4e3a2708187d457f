import type { Task } from '../protocol/model/index.js';
import { TaskFold } from '../protocol/fold/task-fold.js';
import type { CommittedEvent } from './committed-event.js';

/** Folds a stretch of a log into a task, from event 1 or from a snapshot that ends just before it. The result is not shared. */
export function foldLog(events: readonly CommittedEvent[], snapshot?: Task): Task {
  const [first, ...rest] = events;
  if (snapshot) return apply(new TaskFold(snapshot), events);
  if (!first || first.kind !== 'task') throw new Error('A log without a snapshot starts with the task event.');
  const created = JSON.parse(first.text) as { task: Task };
  return apply(new TaskFold(created.task), rest);
}

function apply(fold: TaskFold, events: readonly CommittedEvent[]): Task {
  for (const event of events) fold.apply(event.event, event.inboundMessage);
  return fold.task;
}
