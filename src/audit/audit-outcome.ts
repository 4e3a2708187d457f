import { A2AError, type ErrorReason } from '../protocol/errors/index.js';
import type { AuditEntry, AuditOutcome } from './audit-record.js';

const OUTCOMES: Readonly<Partial<Record<ErrorReason, AuditOutcome>>> = {
  UNAUTHENTICATED: 'unauthenticated',
  PERMISSION_DENIED: 'forbidden',
  TASK_NOT_FOUND: 'not-found',
  RESOURCE_EXHAUSTED: 'limited',
  OVERLOADED: 'limited',
  UNAVAILABLE: 'limited',
  INTERNAL: 'failed',
  INVALID_AGENT_RESPONSE: 'failed',
};

/** How an act ended that threw. */
export function failedOutcome(error: unknown): Pick<AuditEntry, 'outcome' | 'reason'> {
  const reason: ErrorReason = error instanceof A2AError ? error.reason : 'INTERNAL';
  return { outcome: OUTCOMES[reason] ?? 'invalid', reason };
}
