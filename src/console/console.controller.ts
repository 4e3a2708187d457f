import { Controller, Get, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import type { PlatformRequest, PlatformResponse } from '../transports/http/platform.js';
import { ConsolePages } from './console-pages.js';

const EXCLUDED_FROM_SWAGGER = 'swagger/apiExcludeController';

/** Where the pages of the console are. */
@Controller({ version: VERSION_NEUTRAL })
export class ConsoleController {
  constructor(private readonly pages: ConsolePages) {}

  @Get()
  page(@Req() request: PlatformRequest, @Res() response: PlatformResponse): Promise<void> {
    return this.pages.answer(request, response, '');
  }

  @Get(':file')
  file(@Req() request: PlatformRequest, @Res() response: PlatformResponse): Promise<void> {
    return this.pages.answer(request, response, request.params?.file ?? '');
  }

  @Get('assets/:file')
  asset(@Req() request: PlatformRequest, @Res() response: PlatformResponse): Promise<void> {
    return this.pages.answer(request, response, `assets/${request.params?.file ?? ''}`);
  }
}

Reflect.defineMetadata(EXCLUDED_FROM_SWAGGER, [true], ConsoleController);
