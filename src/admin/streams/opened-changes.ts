import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { OpeningGuard } from '../../transports/event-source/opening.guard.js';
import type { PlatformResponse } from '../../transports/http/platform.js';
import { AdminParts } from '../admin-parts.js';
import { NoQuery } from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { type AdminRequest, AdminStreams } from './admin-streams.js';
import { ChangeSource } from './change.source.js';

/** The tasks that change. */
@Injectable()
export class OpenedChanges extends OpeningGuard {
  readonly #query = new QueryPipe(NoQuery);

  constructor(
    private readonly parts: AdminParts,
    private readonly streams: AdminStreams,
  ) {
    super();
  }

  protected override async open(request: AdminRequest, response: PlatformResponse): Promise<Observable<MessageEvent>> {
    this.#query.transform(request.query);
    const source = new ChangeSource(this.parts.publisher, this.parts.bus);
    return this.streams.send({ request, response }, source, (change) => ({
      body: Buffer.from(JSON.stringify(change)),
    }));
  }
}
