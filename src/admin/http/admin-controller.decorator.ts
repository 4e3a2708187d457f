import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors, VERSION_NEUTRAL } from '@nestjs/common';
import { AdminAuditInterceptor } from '../access/admin-audit.interceptor.js';
import { AdminGuard } from '../access/admin.guard.js';
import { Described, type RouteDescription } from './described.decorator.js';
import { AdminExceptionFilter } from './admin.exception-filter.js';

/** Of `@ApiExcludeController()` of @nestjs/swagger, which may not be installed. The admin API has a document of its own. */
const EXCLUDED_FROM_SWAGGER = 'swagger/apiExcludeController';

/** A controller of the admin API: for operators alone, with errors of its own. */
export const AdminController = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseGuards(AdminGuard),
    UseFilters(AdminExceptionFilter),
    (target: object) => Reflect.defineMetadata(EXCLUDED_FROM_SWAGGER, [true], target),
    recordActs,
  );

/** Only what changes something is recorded. The other routes have no interceptor of ours. */
function recordActs(target: object): void {
  const { prototype } = target as { readonly prototype: object };
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = descriptor.value;
    if (typeof method !== 'function') continue;
    const described = Reflect.getMetadata(Described.KEY, method) as RouteDescription | undefined;
    if (described?.action !== undefined) UseInterceptors(AdminAuditInterceptor)(prototype, name, descriptor);
  }
}
