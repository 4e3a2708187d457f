import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { PlatformRequest } from '../../transports/http/platform.js';
import { AdminAudit } from './admin-audit.js';
import { AdminAccess } from './admin.access.js';

/** Admits operators alone. Nothing that they read may be stored by a cache. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly access: AdminAccess,
    private readonly audit: AdminAudit,
    private readonly adapter: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const { httpAdapter } = this.adapter;
    for (const [name, value] of Object.entries(ADMIN_HEADERS)) httpAdapter.setHeader(http.getResponse(), name, value);
    const request = http.getRequest<PlatformRequest>();
    try {
      await this.access.admit(request);
    } catch (error) {
      this.audit.failed(request, REFUSED, error);
      throw error;
    }
    return true;
  }
}

/** What a request is called in the audit trail that no operator may send. */
export const REFUSED = 'admin-request';

/** Of each answer. */
export const ADMIN_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
