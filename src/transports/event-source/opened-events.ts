import { type CanActivate, type ExecutionContext, Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { type PlatformRequest, type PlatformResponse, rawRequest } from '../http/platform.js';
import { EventSourceEndpoint } from './event-source.endpoint.js';
import { eventsParts } from './events-address.js';

const opened = new WeakMap<object, Observable<MessageEvent>>();

/**
 * Opens the stream of a request before the interceptors run. Behind an interceptor Nest sends the headers of an event stream before its
 * handler has answered: a refusal, and the 204 that ends an `EventSource`, would become an empty stream with status 200.
 */
@Injectable()
export class OpenedEvents implements CanActivate {
  constructor(private readonly endpoint: EventSourceEndpoint) {}

  /** Empty: the response was sent. undefined: the request is not for an agent. */
  static of(request: PlatformRequest): Observable<MessageEvent> | undefined {
    return opened.get(rawRequest(request));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<PlatformRequest>();
    const parts = eventsParts(request);
    if (!parts) return true;
    const events = await this.endpoint.open(parts, request, http.getResponse<PlatformResponse>());
    opened.set(rawRequest(request), events);
    return true;
  }
}
