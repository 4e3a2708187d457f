import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { Metrics } from '../../common/metrics/metrics.interface.js';
import { secondsSince, secondsSinceTime } from '../../common/metrics/seconds-since.js';
import { NO_SPAN, type TraceSpan, type Tracing } from '../../common/tracing/tracing.interface.js';
import { shortState } from '../../protocol/state/short-state.js';
import type { TaskManager } from '../../tasks/task.manager.js';
import type { Turn, TurnFields } from './turn.js';

/** Measures and traces one start of a turn. */
export class TurnObserver {
  readonly span: TraceSpan;
  readonly #begun = performance.now();
  #stored = false;

  /** `fields.acceptedAt`: when the message was accepted; absent for a turn that is run again. */
  constructor(
    private readonly agent: RegisteredAgent,
    private readonly manager: TaskManager,
    private readonly fields: TurnFields,
    private readonly metrics: Metrics,
    tracing: Tracing | undefined,
  ) {
    this.span = tracing === undefined ? NO_SPAN : beginSpan(tracing, agent, manager, fields);
    const { acceptedAt } = fields;
    if (acceptedAt !== undefined) metrics.record('a2a_queue_wait_seconds', secondsSinceTime(acceptedAt), agent.id);
  }

  /** Events of the agent were committed. */
  stored(): void {
    const { acceptedAt } = this.fields;
    if (!this.#stored && acceptedAt !== undefined)
      this.metrics.record('a2a_time_to_first_event_seconds', secondsSinceTime(acceptedAt), this.agent.id);
    this.#stored = true;
  }

  end({ left, lost }: Pick<Turn, 'left' | 'lost'>): void {
    const outcome = left ? 'requeued' : lost ? 'lost' : shortState(this.manager.state);
    this.metrics.count('a2a_turns_total', this.agent.id, outcome);
    this.metrics.record('a2a_turn_duration_seconds', secondsSince(this.#begun), this.agent.id);
    this.span.set('a2a.turn.outcome', outcome);
    this.span.end(outcome === 'failed' || outcome === 'lost' ? outcome : undefined);
  }
}

/** It continues the trace of the request that brought the message, on whichever replica and however often the turn is started. */
function beginSpan(tracing: Tracing, agent: RegisteredAgent, manager: TaskManager, fields: TurnFields): TraceSpan {
  const { taskId, contextId } = manager.run;
  const { turn, attempt, caller } = fields;
  return tracing.begin('A2A run', {
    kind: 'consumer',
    parent: { ...caller.trace },
    ...(caller.trace && { link: caller.trace }),
    attributes: {
      'a2a.agent.id': agent.id,
      'a2a.task.id': taskId,
      'a2a.context.id': contextId,
      'a2a.turn': turn,
      'a2a.attempt': attempt,
    },
  });
}
