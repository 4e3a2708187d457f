import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { isTenantSegment } from '../security/tenants.options.js';
import { AdminParts } from './admin-parts.js';
import { ADMIN_OPTIONS, type AdminSettings } from './admin.options.js';

/** Fails the boot if the protocol's paths with a tenant, such as `/acme/tasks`, would take the requests of operators. */
@Injectable()
export class AdminPathCheck implements OnApplicationBootstrap {
  constructor(
    private readonly parts: AdminParts,
    @Inject(ADMIN_OPTIONS) private readonly settings: Pick<AdminSettings, 'path'>,
  ) {}

  onApplicationBootstrap(): void {
    const { path: base, bindings } = this.parts.http;
    if (!bindings.rest || !bindings.tenantPaths) return;
    const own = `/${this.settings.path.replace(/^\/+|\/+$/g, '')}`;
    if (!own.startsWith(`${base}/`)) return;
    const below = own.slice(base.length + 1);
    if (below.includes('/') || !isTenantSegment(below)) return;
    throw new Error(
      `A2aAdminModule: with path '${below}' its routes are those of a tenant of A2A: ${own}/tasks. Use a path with two parts, such as ` +
        `'ops/${below}', give A2aModule a path of its own, or turn its tenant paths off: bindings: { tenantPaths: false }.`,
    );
  }
}
