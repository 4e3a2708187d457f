import type { AuditTrail } from '../../audit/audit.trail.js';
import type { OperationName } from '../../protocol/operations.js';
import type { OperationObserver } from '../../request-handler/request-handler.interface.js';
import type { CallContext } from '../../security/call-context.js';
import { AuditedCall } from '../audited-call.js';
import { UNOBSERVED } from '../observed-call.js';

/** What a call does: it tells the observer when it is admitted and accepted. */
type Work<T> = (observer: OperationObserver) => Promise<T>;

/**
 * Runs a call of the application's own code, and records it in the audit trail as a client's call is. Throws what `work` throws, and
 * A2AError UNAVAILABLE if it cannot be recorded and so must not run.
 */
export async function recordedCall<T>(
  trail: AuditTrail | undefined,
  { name, context, taskId }: { readonly name: OperationName; readonly context: CallContext; readonly taskId?: string },
  work: Work<T>,
): Promise<T> {
  if (!trail?.on) return work(UNOBSERVED);
  const call = new AuditedCall({ binding: 'in-process', version: '1.0', agent: context.agent }, trail, UNOBSERVED);
  call.called({ name, version: '1.0' });
  call.admitted(context);
  try {
    call.targets(taskId);
    return await work(call);
  } catch (error) {
    call.failed(error);
    throw error;
  }
}
