import { Inject, Injectable, Optional } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { A2A_METRICS, type Metrics, NO_METRICS } from '../../common/metrics/metrics.interface.js';
import { A2A_TRACING, type Tracing } from '../../common/tracing/tracing.interface.js';
import { LogScopes } from '../../common/logging/log-scopes.js';
import { EVENT_BUS, type EventBus } from '../../events/event-bus.interface.js';
import { EventPublisher } from '../../events/event-publisher.js';
import { newId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/model/index.js';
import { type CallContext, isAuthenticated } from '../../security/call-context.js';
import { keptClaims, PRINCIPAL_OPTIONS, type PrincipalOptions } from '../../security/principal.options.js';
import { INBOX_STORE, type InboxStore } from '../../tasks/inbox-store.interface.js';
import { RUN_STORE, type RunStore } from '../../tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../../tasks/task-store.interface.js';
import type { MessageRequest } from '../../tasks/turn-request.js';
import { type RunSlot, RunSlots } from '../queue/run.slots.js';
import { ActiveRun, type RunStart } from './active-run.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution.options.js';
import { ReplicaService } from '../ownership/replica.service.js';
import type { RunPorts } from './run-ports.js';
import { RunRegistry } from './run.registry.js';

/** Starts runs in this process. */
@Injectable()
export class RunLauncher {
  readonly ports: RunPorts;

  constructor(
    @Inject(TASK_STORE) store: TaskStore,
    @Inject(RUN_STORE) runs: RunStore,
    @Inject(INBOX_STORE) inbox: InboxStore,
    publisher: EventPublisher,
    @Inject(EVENT_BUS) bus: EventBus,
    @Inject(EXECUTION_OPTIONS) readonly options: ExecutionOptions,
    readonly registry: RunRegistry,
    readonly replica: ReplicaService,
    readonly room: RunSlots,
    @Optional() @Inject(PRINCIPAL_OPTIONS) private readonly principal: PrincipalOptions = {},
    @Optional() @Inject(A2A_METRICS) metrics: Metrics = NO_METRICS,
    @Optional() @Inject(A2A_TRACING) tracing?: Tracing,
    @Optional() @Inject(LogScopes) scopes = new LogScopes(),
  ) {
    this.ports = { store, runs, inbox, publisher, bus, metrics, tracing, scopes };
  }

  /**
   * The key that identifies a message when it is sent again: its messageId, or a unique key where deduplication is off. Anonymous callers
   * share one owner, so their ids can collide by accident: their key includes a digest of the content.
   */
  messageKey({ messageId }: Message, digest: string, caller: CallContext): string {
    if (!this.options.deduplicateMessages) return newId();
    return isAuthenticated(caller) ? messageId : `${messageId} ${digest}`;
  }

  /** What is stored of a call, for a turn that runs later. @throws RangeError if the claims that are kept are too large. */
  storedCall({
    protocolVersion,
    requestedExtensions,
    claims,
    trace,
  }: CallContext): NonNullable<MessageRequest['call']> {
    const kept = keptClaims(claims, this.principal);
    return { protocolVersion, requestedExtensions, ...(kept && { claims: kept }), ...(trace && { trace }) };
  }

  /** The run owns the slot from here on. */
  launch(agent: RegisteredAgent, start: RunStart, place: RunSlot): ActiveRun {
    const run = new ActiveRun(agent, start, this.ports, this.options, place);
    this.registry.start(run, () => place.release());
    return run;
  }
}
