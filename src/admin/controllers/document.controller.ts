import { Get, Inject, Req, type Type } from '@nestjs/common';
import { packageVersion } from '../../common/package-version.js';
import { type PlatformRequest, rawRequest } from '../../transports/http/platform.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { adminDocument } from '../openapi/admin.document.js';

/** Injects the controllers of the admin API. */
export const ADMIN_CONTROLLERS = Symbol('AdminControllers');

const FILE = 'openapi.json';

/** The description of the API. */
@AdminController()
export class DocumentController {
  readonly #version = packageVersion();

  constructor(@Inject(ADMIN_CONTROLLERS) private readonly controllers: readonly Type[]) {}

  @Get(FILE)
  document(@Req() request: PlatformRequest): object {
    const [path = ''] = (rawRequest(request).url ?? '').split('?');
    return adminDocument(this.controllers, path.slice(0, -`/${FILE}`.length), this.#version);
  }
}
