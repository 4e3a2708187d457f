import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { PlatformRequest, PlatformResponse } from '../http/platform.js';
import { EventSourceEndpoint } from './event-source.endpoint.js';
import { eventsParts } from './events-address.js';
import { OpeningGuard } from './opening.guard.js';

/** The events of a task, for a client. */
@Injectable()
export class OpenedEvents extends OpeningGuard {
  constructor(private readonly endpoint: EventSourceEndpoint) {
    super();
  }

  protected override async open(
    request: PlatformRequest,
    response: PlatformResponse,
  ): Promise<Observable<MessageEvent> | undefined> {
    const parts = eventsParts(request);
    return parts && this.endpoint.open(parts, request, response);
  }
}
