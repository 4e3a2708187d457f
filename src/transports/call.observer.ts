import { Inject, Injectable, Optional } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { A2A_METRICS, type Metrics, NO_METRICS } from '../common/metrics/metrics.interface.js';
import { A2A_TRACING, NO_SPAN, type Tracing } from '../common/tracing/tracing.interface.js';
import { AuditTrail } from '../audit/audit.trail.js';
import { AuditedCall } from './audited-call.js';
import { type CallFacts, MeasuredCall, type ObservedCall, UNOBSERVED } from './observed-call.js';

/** The one place where calls of clients are measured, traced and recorded, over all bindings. */
@Injectable()
export class CallObserver {
  readonly #reached = new WeakSet<object>();

  constructor(
    @Optional() @Inject(A2A_METRICS) private readonly metrics?: Metrics,
    @Optional() @Inject(A2A_TRACING) private readonly tracing?: Tracing,
    @Optional() private readonly trail?: AuditTrail,
  ) {}

  /** The caller ends it. */
  begin(facts: CallFacts, headers: Readonly<Record<string, unknown>>): ObservedCall {
    const measured = this.#measured(facts, headers);
    return this.trail?.on ? new AuditedCall(facts, this.trail, measured) : measured;
  }

  #measured(facts: CallFacts, headers: Readonly<Record<string, unknown>>): ObservedCall {
    const { metrics, tracing } = this;
    if (metrics === undefined && tracing === undefined) return UNOBSERVED;
    const span = tracing?.begin('A2A', { kind: 'server', attributes: attributesOf(facts), parent: headers });
    return new MeasuredCall(facts, metrics ?? NO_METRICS, span ?? NO_SPAN);
  }

  /** Whether the request of a response became a call. Only known while there is an audit trail. */
  reached(response: object): boolean {
    return this.#reached.has(response);
  }

  /** Ends with the response. */
  http(facts: CallFacts, { headers }: IncomingMessage, response: ServerResponse): ObservedCall {
    const observed = this.begin(facts, headers);
    if (this.trail?.on) this.#reached.add(response);
    if (observed !== UNOBSERVED) response.once('close', () => observed.end(response.writableFinished));
    return observed;
  }
}

const attributesOf = ({ binding, version, agent }: CallFacts): Record<string, string> => ({
  'rpc.system': 'a2a',
  'a2a.binding': binding,
  'a2a.protocol.version': version,
  ...(agent !== undefined && { 'a2a.agent.id': agent }),
});
