import { Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { systemContextOf } from '../../execution/system-context.js';
import type { AdminTaskFilter } from '../../tasks/admin/admin-store.interface.js';
import type { AdminList, AdminTask, AdminTaskRow } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { DocumentQuery, NoQuery, PageQuery, RunsQuery, TasksQuery } from '../queries/queries.js';
import type * as Queries from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { RunningTasks } from '../tasks/running-tasks.js';
import { TaskContents } from '../tasks/task-contents.js';

/** Tasks of all owners and tenants. */
@AdminController()
export class TasksController {
  constructor(
    private readonly parts: AdminParts,
    private readonly contents: TaskContents,
    private readonly running: RunningTasks,
  ) {}

  @Get('tasks')
  @Described({ summary: 'Tasks, newest first', query: TasksQuery, answer: 'AdminTaskList' })
  list(
    @Query(new QueryPipe(TasksQuery)) { limit, cursor, state, ...rest }: Queries.TasksQuery,
  ): Promise<AdminList<AdminTaskRow>> {
    const filter: AdminTaskFilter = { ...rest, ...(state && { states: state }) };
    return this.parts.store.tasks(filter, { limit, cursor });
  }

  @Get('queue')
  @Described({ summary: 'Tasks that wait for a start, newest first', query: PageQuery, answer: 'AdminTaskList' })
  queue(@Query(new QueryPipe(PageQuery)) { limit, cursor }: Queries.PageQuery): Promise<AdminList<AdminTaskRow>> {
    return this.parts.store.tasks({ queued: true }, { limit, cursor });
  }

  @Get('runs')
  @Described({ summary: 'Tasks that run, replica by replica', query: RunsQuery, answer: 'AdminTaskList' })
  runs(@Query(new QueryPipe(RunsQuery)) query: Queries.RunsQuery): Promise<AdminList<AdminTaskRow>> {
    return this.running.page(query);
  }

  @Get('tasks/:id')
  @Described({ summary: 'One task, without its content', answer: 'AdminTask', errors: [404] })
  task(@Param('id') id: string, @Query(new QueryPipe(NoQuery)) _query: object): Promise<AdminTask> {
    return this.contents.row(id);
  }

  @Get('tasks/:id/document')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Described({
    summary: 'The v1.0 Task, as it is or as it was at an event',
    query: DocumentQuery,
    answer: 'Task',
    errors: [404, 410, 413],
  })
  document(
    @Param('id') id: string,
    @Query(new QueryPipe(DocumentQuery)) { asOf }: Queries.DocumentQuery,
  ): Promise<string> {
    return this.contents.document(id, asOf);
  }

  @Post('tasks/:id/cancel')
  @HttpCode(200)
  @Described({ summary: 'Cancels a task of any owner', answer: 'AdminTask', action: 'cancel-task', errors: [404] })
  async cancel(@Param('id') id: string): Promise<AdminTask> {
    await this.parts.canceler.cancel(systemContextOf(await this.contents.row(id)), id);
    return this.contents.row(id);
  }
}
