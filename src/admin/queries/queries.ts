import type { TaskState } from '../../protocol/model/index.js';
import { TASK_STATES } from '../../protocol/state/task-state.js';
import {
  QueryChoice,
  QueryChoices,
  QueryFlag,
  QueryText,
  QueryTime,
  QueryWholeNumber,
} from './parameter.decorators.js';

/** No parameters. */
export class NoQuery {}

/** Which page of a list. */
export class PageQuery {
  @QueryWholeNumber([1, 200], 'Rows on a page. Default 50.')
  limit?: number;

  @QueryText('`next` of the page before.', 4096)
  cursor?: string;
}

export class TasksQuery extends PageQuery {
  @QueryText('The id of an agent.')
  agent?: string;

  @QueryText('An owner.')
  owner?: string;

  @QueryText('A tenant.')
  tenant?: string;

  @QueryText('A context.')
  contextId?: string;

  @QueryChoices(TASK_STATES, 'States; repeat it, or put commas between them.')
  state?: TaskState[];

  @QueryTime('Created at this time or later.')
  from?: number;

  @QueryTime('Created before this time.')
  to?: number;

  @QueryFlag('Only queued tasks.')
  queued?: true;

  @QueryText('Only tasks that this replica runs.')
  runOwner?: string;

  @QueryText('A part of the text of the present status message. Reads the newest 10,000 tasks that match the rest.')
  reason?: string;
}

export class RunsQuery extends PageQuery {
  @QueryText('Only what this replica runs.')
  replica?: string;
}

export class DocumentQuery {
  @QueryWholeNumber([1, Number.MAX_SAFE_INTEGER], 'The task as it was at this event. Default: as it is.')
  asOf?: number;
}

export class AfterQuery {
  @QueryWholeNumber([0, Number.MAX_SAFE_INTEGER], 'Events after this one. Default 0.')
  after?: number;
}

export class EventsQuery extends AfterQuery {
  @QueryWholeNumber([1, 256], 'Events on a page, which also ends after 1 MiB. Default 256.')
  limit?: number;
}

export class WebhooksQuery extends PageQuery {
  @QueryText('The id of a task.')
  taskId?: string;

  @QueryText('An owner.')
  owner?: string;

  @QueryFlag('Only disabled webhooks.')
  disabled?: true;
}

export class DeliveriesQuery extends PageQuery {
  @QueryText('The id of a task.')
  taskId?: string;

  @QueryText("The id of one of the task's webhooks.")
  configId?: string;

  @QueryChoice(['owed', 'dead'], 'Only deliveries that are owed, or only dead letters.')
  state?: 'owed' | 'dead';
}
