import type { CanActivate, ExecutionContext, Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { setA2aPrincipal } from '../../src/security/principal.js';

/** A guard that takes the caller from a header, and leaves those without it anonymous. */
export function callersBy(header: string): Provider {
  class CallerGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
      const owner = request.headers[header];
      if (owner !== undefined) setA2aPrincipal(request, { owner });
      return true;
    }
  }
  return { provide: APP_GUARD, useClass: CallerGuard };
}
