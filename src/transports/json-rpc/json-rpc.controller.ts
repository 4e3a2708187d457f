import {
  Controller,
  Delete,
  Get,
  Patch,
  Post,
  Put,
  Req,
  Res,
  type Type,
  UseFilters,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { invalidRequest } from '../../protocol/errors/index.js';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import { sendJson } from '../http/http-reply.js';
import { type PlatformRequest, type PlatformResponse, rawResponse } from '../http/platform.js';
import { JsonRpcEndpoint } from './json-rpc.endpoint.js';
import { JsonRpcExceptionFilter } from './json-rpc.exception-filter.js';
import { errorText } from './envelope.js';

/** `POST {path}` is the default agent, `POST {path}/agents/{id}` any agent. `path` is '' or '/…', without a trailing slash. */
export function createJsonRpcController(path: string): Type {
  @Controller({ path: [path || '/', `${path}/agents/:agent`], version: VERSION_NEUTRAL })
  @A2aRoute('json-rpc')
  @UseFilters(new JsonRpcExceptionFilter())
  class A2aJsonRpcController {
    constructor(private readonly endpoint: JsonRpcEndpoint) {}

    @Post()
    call(@Req() request: PlatformRequest, @Res() response: PlatformResponse): Promise<void> {
      return this.endpoint.handle(request.params?.['agent'], request, response);
    }

    @Get()
    get(@Res() response: PlatformResponse): void {
      refuseMethod(response);
    }

    @Put()
    put(@Res() response: PlatformResponse): void {
      refuseMethod(response);
    }

    @Patch()
    patch(@Res() response: PlatformResponse): void {
      refuseMethod(response);
    }

    @Delete()
    delete(@Res() response: PlatformResponse): void {
      refuseMethod(response);
    }
  }
  return A2aJsonRpcController;
}

const refuseMethod = (response: PlatformResponse): void =>
  sendJson(rawResponse(response), 405, errorText(null, invalidRequest('JSON-RPC is served by POST.'), '1.0'), {
    allow: 'POST',
  });
