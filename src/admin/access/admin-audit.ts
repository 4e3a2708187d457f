import { Inject, Injectable } from '@nestjs/common';
import { failedOutcome } from '../../audit/audit-outcome.js';
import type { AuditEntry } from '../../audit/audit-record.js';
import { AuditTrail } from '../../audit/audit.trail.js';
import { fromHttpException } from '../../transports/http-exception.mapping.js';
import { type PlatformRequest, rawRequest } from '../../transports/http/platform.js';
import { A2A_HOST, type A2aHost } from '../a2a-host.js';

/** Longest text of a client in a record, in characters. */
const MAX_TEXT = 512;

/** Records the acts of operators, and who was refused as one, if there is an audit trail. */
@Injectable()
export class AdminAudit {
  constructor(@Inject(A2A_HOST) private readonly host: A2aHost) {}

  done(request: PlatformRequest, action: string): void {
    this.#record(request, action, { outcome: 'ok' });
  }

  failed(request: PlatformRequest, action: string, error: unknown): void {
    this.#record(request, action, failedOutcome(fromHttpException(error).error));
  }

  /** Writes what waits, before the process ends, and nothing afterwards. */
  end(): Promise<void> {
    return this.host.get(AuditTrail, { strict: false }).end();
  }

  #record(request: PlatformRequest, action: string, outcome: Pick<AuditEntry, 'outcome' | 'reason'>): void {
    const { params, ip } = request;
    const taskId = params?.['taskId'] ?? (/\btask\b/.test(action) ? params?.['id'] : undefined);
    const address = ip ?? rawRequest(request).socket?.remoteAddress;
    this.host.get(AuditTrail, { strict: false }).record({
      kind: 'admin',
      action,
      ...outcome,
      binding: 'admin',
      ...(taskId !== undefined && { taskId: taskId.slice(0, MAX_TEXT) }),
      ...(address !== undefined && { address }),
    });
  }
}
