import type { HttpServer } from '@nestjs/common';
import type { AuditOutcome } from '../../audit/audit-record.js';
import type { AuditTrail } from '../../audit/audit.trail.js';
import { currentRequest } from '../../common/logging/log-context.js';
import { a2aPrincipalOf } from '../../security/principal.js';
import { aroundRequests } from './before-requests.js';
import { addressOf } from './caller-address.js';
import type { PlatformRequest } from './platform.js';

const OUTCOMES: Readonly<Record<number, AuditOutcome>> = { 401: 'unauthenticated', 403: 'forbidden' };

/** Records what the application's own guards and middleware refuse: such requests never become calls. `reached`: one that did. */
export function recordGuardRefusals(
  adapter: HttpServer,
  trail: AuditTrail,
  isOurs: (url: string) => boolean,
  reached: (response: object) => boolean,
): void {
  aroundRequests(adapter, (raw, response, next) => {
    if (!isOurs(raw.url ?? '/')) return next();
    const sent = currentRequest();
    const request = raw as unknown as PlatformRequest;
    const address = addressOf(request);
    response.once('close', () => {
      const outcome = OUTCOMES[response.statusCode];
      if (outcome === undefined || reached(response)) return;
      const { owner, tenant } = a2aPrincipalOf(request) ?? {};
      const ids = { requestId: sent?.id, traceId: sent?.traceId };
      trail.record({ kind: 'operation', action: 'unknown', outcome, owner, tenant, binding: 'http', address, ...ids });
    });
    next();
  });
}
