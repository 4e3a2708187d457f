import { Get, Header, type MessageEvent, NotFoundException, Param, Query, Req, Sse, UseGuards } from '@nestjs/common';
import { EMPTY, type Observable } from 'rxjs';
import { OpeningGuard } from '../../transports/event-source/opening.guard.js';
import { PACED } from '../../transports/event-source/paced-events.js';
import type { PlatformRequest } from '../../transports/http/platform.js';
import type { AdminFrames } from '../admin-api.types.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { AfterQuery, EventsQuery, NoQuery } from '../queries/queries.js';
import type * as Queries from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { OpenedTaskEvents } from '../streams/opened-task-events.js';
import { eventJson } from '../tasks/admin-event.json.js';
import { TaskContents } from '../tasks/task-contents.js';

/** The log of a task. */
@AdminController('tasks/:id/events')
export class TaskEventsController {
  constructor(private readonly contents: TaskContents) {}

  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Described({
    summary: 'Events of a task, in order',
    query: EventsQuery,
    answer: 'AdminEventList',
    errors: [404, 410],
  })
  async list(@Param('id') id: string, @Query(new QueryPipe(EventsQuery)) query: Queries.EventsQuery): Promise<string> {
    const { events, more } = await this.contents.events(id, query.after, query.limit);
    const next = more ? `,"next":"${events.at(-1)?.seq}"` : '';
    return `{"rows":[${events.map(eventJson).join(',')}]${next}}`;
  }

  @Sse('stream', PACED)
  @UseGuards(OpenedTaskEvents)
  @Described({
    summary:
      'Events of a task, as they are committed, until it ends. Last-Event-ID continues after that event; 204: nothing follows it',
    query: AfterQuery,
    answer: 'AdminEventJson',
    stream: true,
    errors: [404, 410],
  })
  stream(@Req() request: PlatformRequest): Observable<MessageEvent> {
    return OpeningGuard.of(request) ?? EMPTY;
  }

  @Get(':seq')
  @Described({
    summary: 'One event, as each version of the protocol sends it',
    answer: 'AdminFrames',
    errors: [404, 410],
  })
  frames(
    @Param('id') id: string,
    @Param('seq') seq: string,
    @Query(new QueryPipe(NoQuery)) _query: object,
  ): Promise<AdminFrames> {
    if (!/^\d{1,15}$/.test(seq)) throw new NotFoundException('Events have numbers, from 1 on.');
    return this.contents.frames(id, Number(seq));
  }
}
