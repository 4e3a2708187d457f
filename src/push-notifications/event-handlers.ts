import { Injectable } from '@nestjs/common';
import type { TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import { handlerConfig } from '../tasks/handler-config.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';

/** A method of the application that events are delivered to as to a webhook: in one process of the cluster, until it succeeds. */
export interface EventHandler {
  /** The same in each process that has it. */
  readonly name: string;
  /** The agent whose tasks are meant. Default: all agents. */
  readonly agent?: string;
  /** Rejects when the event must be delivered again. */
  handle(event: CommittedEvent, scope: TaskScope): Promise<void>;
}

/** The handlers of this process. They are set while it starts, before it takes calls and delivers. */
@Injectable()
export class EventHandlers {
  #handlers: ReadonlyMap<string, EventHandler> = new Map();

  set(handlers: readonly EventHandler[]): void {
    this.#handlers = new Map(handlers.map((handler) => [handlerConfig(handler.name).id, handler]));
  }

  get any(): boolean {
    return this.#handlers.size > 0;
  }

  /** Of the handlers that a new task of this agent owes its events to. */
  configsOf(agent: string): PushConfig[] {
    const handlers = [...this.#handlers.values()].filter((handler) => (handler.agent ?? agent) === agent);
    return handlers.map(({ name }) => handlerConfig(name));
  }

  /** undefined: this process has no such handler. */
  of({ id }: PushConfig): EventHandler | undefined {
    return this.#handlers.get(id);
  }
}
