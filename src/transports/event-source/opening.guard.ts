import type { CanActivate, ExecutionContext, MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { type PlatformRequest, type PlatformResponse, rawRequest } from '../http/platform.js';

const opened = new WeakMap<object, Observable<MessageEvent>>();

/**
 * Opens the event stream of a request before the interceptors run. Behind an interceptor Nest sends the headers of an event stream before
 * its handler has answered: a refusal, and the 204 that ends an `EventSource`, would become an empty stream with status 200.
 */
export abstract class OpeningGuard implements CanActivate {
  /** What the guard has opened, for the handler. undefined: nothing. */
  static of(request: PlatformRequest): Observable<MessageEvent> | undefined {
    return opened.get(rawRequest(request));
  }

  /** Empty: the response was sent. undefined: the request is not for this route. */
  protected abstract open(
    request: PlatformRequest,
    response: PlatformResponse,
  ): Promise<Observable<MessageEvent> | undefined>;

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<PlatformRequest>();
    const events = await this.open(request, http.getResponse<PlatformResponse>());
    if (events) opened.set(rawRequest(request), events);
    return true;
  }
}
