import {
  Controller,
  Delete,
  type MessageEvent,
  Next,
  Patch,
  Post,
  Put,
  Req,
  Res,
  Sse,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { EMPTY, type Observable } from 'rxjs';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import type { HttpBindings } from '../http/http-transport.options.js';
import { callNext, passOn, type PlatformRequest, type PlatformResponse } from '../http/platform.js';
import { RestExceptionFilter } from '../rest/rest.exception-filter.js';
import { EventSourceEndpoint } from './event-source.endpoint.js';
import { EVENTS_ADDRESS, eventsParts } from './events-address.js';
import { OpenedEvents } from './opened-events.js';
import { PACED } from './paced-events.js';

type NextFunction = () => void;

/** `GET …/tasks/{id}/events` for browsers, of the default agent and of each agent; with a tenant before `tasks` if those paths are on. */
export const createEventSourceControllers = (
  path: string,
  { tenantPaths }: Pick<HttpBindings, 'tenantPaths'>,
): Type[] => [controllerOf(path, false), ...(tenantPaths ? [controllerOf(path, true)] : [])];

function controllerOf(path: string, tenants: boolean): Type {
  const route = `${tenants ? ':tenant/' : ''}${EVENTS_ADDRESS.pattern}`;

  @Controller({ path: [path || '/', `${path}/agents/:agent`], version: VERSION_NEUTRAL })
  @A2aRoute('event-source')
  @UseFilters(new RestExceptionFilter(EVENTS_ADDRESS.version))
  class EventSourceController {
    constructor(private readonly endpoint: EventSourceEndpoint) {}

    @Sse(route, PACED)
    @UseGuards(OpenedEvents)
    async events(
      @Req() request: PlatformRequest,
      @Res() response: PlatformResponse,
      @Next() next: NextFunction,
    ): Promise<Observable<MessageEvent>> {
      const events = OpenedEvents.of(request);
      if (events) return events;
      await passOn(response, next);
      return EMPTY;
    }

    @Post(route)
    post(@Req() request: PlatformRequest, @Res() response: PlatformResponse, @Next() next: NextFunction): void {
      this.refuse(request, response, next);
    }

    @Put(route)
    put(@Req() request: PlatformRequest, @Res() response: PlatformResponse, @Next() next: NextFunction): void {
      this.refuse(request, response, next);
    }

    @Patch(route)
    patch(@Req() request: PlatformRequest, @Res() response: PlatformResponse, @Next() next: NextFunction): void {
      this.refuse(request, response, next);
    }

    @Delete(route)
    delete(@Req() request: PlatformRequest, @Res() response: PlatformResponse, @Next() next: NextFunction): void {
      this.refuse(request, response, next);
    }

    private refuse(request: PlatformRequest, response: PlatformResponse, next: NextFunction): void {
      if (eventsParts(request)) this.endpoint.refuseMethod(request, response);
      else callNext(response, next);
    }
  }
  return EventSourceController;
}
