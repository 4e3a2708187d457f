import type { DynamicModule } from '@nestjs/common';
import { CONTROLLERS } from './a2a-admin.module.js';
import { ADMIN_CONTROLLERS } from './controllers/document.controller.js';
import { LabController } from './controllers/lab.controller.js';

/** The admin API `api` of a server that is there for trials: it may be killed too. */
export const inLab = (api: DynamicModule): DynamicModule => ({
  ...api,
  controllers: [...(api.controllers ?? []), LabController],
  // The last one of a token is used.
  providers: [...(api.providers ?? []), { provide: ADMIN_CONTROLLERS, useValue: [...CONTROLLERS, LabController] }],
});
