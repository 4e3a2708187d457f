import { Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { CallContext } from '../../security/call-context.js';

/** What is kept in mind; the rest is found by whoever looks for messages that nobody answers. */
const MAX = 1_000;

export interface MissedFollowUp {
  readonly agent: RegisteredAgent;
  readonly context: CallContext;
  readonly taskId: string;
}

/** Tasks whose next turn this process could not start for want of room, oldest first. Their messages wait in the inbox. */
@Injectable()
export class MissedFollowUps {
  readonly #missed = new Map<string, MissedFollowUp>();

  get size(): number {
    return this.#missed.size;
  }

  add(missed: MissedFollowUp): void {
    if (this.#missed.size < MAX || this.#missed.has(missed.taskId)) this.#missed.set(missed.taskId, missed);
  }

  delete(taskId: string): void {
    this.#missed.delete(taskId);
  }

  all(): readonly MissedFollowUp[] {
    return [...this.#missed.values()];
  }
}
