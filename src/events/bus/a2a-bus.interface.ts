import type { EventBus } from '../event-bus.interface.js';

/**
 * How processes that share a storage tell each other of new events, as `A2aModule.forRoot({ bus })` takes it. It holds options
 * and has opened nothing.
 */
export interface A2aBus {
  /** As errors and logs call it: 'redis'. */
  readonly name: string;
  /** Whether it reaches other processes. Such a bus is refused with a storage of one process. */
  readonly shared: boolean;
  /**
   * The bus, not connected yet: Nest calls its lifecycle hooks as those of a provider (`onModuleInit` connects), and at
   * shutdown its `close`. While it cannot connect, events of other processes are found by polling.
   */
  open(): EventBus | Promise<EventBus>;
}
