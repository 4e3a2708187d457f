import { failedOutcome } from '../audit/audit-outcome.js';
import type { AuditEntry } from '../audit/audit-record.js';
import type { AuditTrail } from '../audit/audit.trail.js';
import { currentRequest } from '../common/logging/log-context.js';
import type { RequestRef } from '../common/logging/request-ref.js';
import type { TraceCarrier } from '../common/tracing/tracing.interface.js';
import { OPERATIONS, type OperationName } from '../protocol/operations.js';
import type { CallContext } from '../security/call-context.js';
import { type A2aPrincipal, a2aPrincipalOf } from '../security/principal.js';
import { addressOf } from './http/caller-address.js';
import type { CallFacts, ObservedCall } from './observed-call.js';
import type { ProtocolVersion } from './protocol-version.js';

/** Reads that are refused for these reasons are recorded in any case. */
const ABOUT_CALLERS = new Set<string>(['unauthenticated', 'forbidden']);

const isRead = (name: OperationName | undefined): boolean => name !== undefined && 'reads' in OPERATIONS[name];

/** A call that leaves one record in the audit trail: when it is accepted, has succeeded, or is refused. */
export class AuditedCall implements ObservedCall {
  #recorded = false;
  #operation?: { readonly name: OperationName; readonly version: ProtocolVersion };
  #caller?: CallContext;
  #principal?: Partial<A2aPrincipal>;
  #taskId?: string;
  readonly #request: RequestRef | undefined = currentRequest();

  constructor(
    private readonly facts: CallFacts,
    private readonly trail: AuditTrail,
    private readonly inner: ObservedCall,
  ) {}

  get carrier(): TraceCarrier | undefined {
    return this.inner.carrier;
  }

  called(operation: { readonly name: OperationName; readonly version: ProtocolVersion }): void {
    this.#operation = operation;
    this.inner.called(operation);
  }

  identified(principal: Partial<A2aPrincipal> | undefined): void {
    this.#principal = principal;
  }

  targets(taskId: string | undefined): void {
    if (this.#counts) this.trail.assertRoom();
    this.#taskId = taskId;
  }

  admitted(caller: CallContext): void {
    this.#caller = caller;
  }

  accepted(taskId = this.#taskId): void {
    this.#taskId = taskId;
    if (this.#counts) this.#record({ outcome: 'ok' });
    this.#recorded = true;
  }

  failed(error: unknown): void {
    this.inner.failed(error);
    const outcome = failedOutcome(error);
    if (this.#counts || ABOUT_CALLERS.has(outcome.outcome)) this.#record(outcome);
    this.#recorded = true;
  }

  within<T>(work: () => T): T {
    return this.inner.within(work);
  }

  end(complete: boolean): void {
    this.inner.end(complete);
  }

  /** Whether its success is recorded. */
  get #counts(): boolean {
    return !isRead(this.#operation?.name) || this.trail.reads;
  }

  #record(outcome: Pick<AuditEntry, 'outcome' | 'reason'>): void {
    if (this.#recorded) return;
    const { binding, agent, request, peer } = this.facts;
    const known = this.#caller ?? this.#principal ?? (request && a2aPrincipalOf(request));
    this.trail.record({
      kind: 'operation',
      action: this.#operation?.name ?? 'unknown',
      ...outcome,
      owner: known?.owner,
      tenant: known?.tenant,
      agent,
      taskId: this.#taskId,
      binding,
      version: this.#operation?.version ?? this.facts.version,
      address: request === undefined ? peer : addressOf(request),
      requestId: this.#request?.id,
      traceId: this.#request?.traceId,
    });
  }
}
