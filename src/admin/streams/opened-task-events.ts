import { Injectable, type MessageEvent } from '@nestjs/common';
import { EMPTY, type Observable } from 'rxjs';
import { isTerminal } from '../../protocol/state/task-state.js';
import { parseLastEventId } from '../../request-handler/last-event-id.js';
import { OpeningGuard } from '../../transports/event-source/opening.guard.js';
import { type PlatformResponse, rawResponse } from '../../transports/http/platform.js';
import { AdminParts } from '../admin-parts.js';
import { AfterQuery } from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { eventJson } from '../tasks/admin-event.json.js';
import { TaskContents } from '../tasks/task-contents.js';
import { type AdminRequest, AdminStreams } from './admin-streams.js';
import { TaskEventsSource } from './task-events.source.js';

/** The events of a task, for operators. */
@Injectable()
export class OpenedTaskEvents extends OpeningGuard {
  readonly #query = new QueryPipe(AfterQuery);

  constructor(
    private readonly parts: AdminParts,
    private readonly contents: TaskContents,
    private readonly streams: AdminStreams,
  ) {
    super();
  }

  protected override async open(request: AdminRequest, response: PlatformResponse): Promise<Observable<MessageEvent>> {
    const query = this.#query.transform(request.query);
    const position = parseLastEventId(request.headers['last-event-id'] as string | undefined);
    const after = position === undefined || Number.isNaN(position) ? (query.after ?? 0) : position;
    const row = await this.contents.readableFrom(request.params?.['id'] ?? '', after);
    if (isTerminal(row.state) && after >= row.lastSeq) {
      rawResponse(response).writeHead(204).end();
      return EMPTY;
    }
    const source = new TaskEventsSource(this.parts.store, this.parts.cursors, row, after);
    return this.streams.send({ request, response }, source, (event) => ({
      id: String(event.seq),
      body: Buffer.from(eventJson(event)),
    }));
  }
}
