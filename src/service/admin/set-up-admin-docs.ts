import type { INestApplication, Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ADMIN_CONTROLLERS } from '../../admin/controllers/document.controller.js';
import { adminDocument } from '../../admin/openapi/admin.document.js';
import { packageVersion } from '../../common/package-version.js';
import { protectPages } from '../http/pages.js';
import { canServeFiles, loadSwagger } from '../openapi/set-up-openapi.js';

/** `/docs`: the description of the admin API as pages, if the packages for it are installed. `/openapi.json` needs none. */
export async function setUpAdminDocs(app: INestApplication): Promise<void> {
  const swagger = await loadSwagger();
  if (swagger === undefined || !canServeFiles(app)) return;
  // Pages that another site shows in a frame could be clicked there. Names and origins were checked before.
  protectPages(app, { hostProblem: () => undefined });
  const controllers = app.get<Type[]>(ADMIN_CONTROLLERS, { strict: false });
  const document = (): OpenAPIObject => adminDocument(controllers, '', packageVersion()) as unknown as OpenAPIObject;
  swagger.SwaggerModule.setup('docs', app, document, { raw: false, customSiteTitle: 'A2A operators' });
}
