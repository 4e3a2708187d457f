import { type MessageEvent, Query, Req, Res, Sse } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { PACED } from '../../transports/event-source/paced-events.js';
import type { PlatformRequest, PlatformResponse } from '../../transports/http/platform.js';
import { AdminParts } from '../admin-parts.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { NoQuery } from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { AdminStreams } from '../streams/admin-streams.js';
import { ChangeSource } from '../streams/change.source.js';

/** What happens now. */
@AdminController()
export class ChangesController {
  constructor(
    private readonly parts: AdminParts,
    private readonly streams: AdminStreams,
  ) {}

  @Sse('changes', PACED)
  @Described({
    summary: 'Tasks that changed, as this replica learns of it. Changes may be missing: read lists again',
    answer: 'AdminChange',
    stream: true,
  })
  changes(
    @Query(new QueryPipe(NoQuery)) _query: object,
    @Req() request: PlatformRequest,
    @Res() response: PlatformResponse,
  ): Observable<MessageEvent> {
    const source = new ChangeSource(this.parts.publisher, this.parts.bus);
    return this.streams.send({ request, response }, source, (change) => ({
      body: Buffer.from(JSON.stringify(change)),
    }));
  }
}
