import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import type { PlatformRequest } from '../../transports/http/platform.js';
import { Described } from '../http/described.decorator.js';
import { AdminAudit } from './admin-audit.js';

/** Records what an operator did, and how it ended. Reads are not recorded. */
@Injectable()
export class AdminAuditInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: AdminAudit,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const action = this.reflector.get(Described, context.getHandler())?.action;
    if (action === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    return next.handle().pipe(
      tap({
        complete: () => this.audit.done(request, action),
        error: (error: unknown) => this.audit.failed(request, action, error),
      }),
    );
  }
}
