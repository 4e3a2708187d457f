import type { EventBus } from '../event-bus.interface.js';

/**
 * How processes that share a storage tell each other of new events: the value of `A2aModule.forRoot({ bus })`. It only holds options and
 * has opened nothing.
 */
export interface A2aBus {
  /** The name in errors and logs: 'redis'. */
  readonly name: string;
  /** Whether it reaches other processes. Such a bus is refused with a single-process storage. */
  readonly shared: boolean;
  /**
   * Returns the bus, not connected yet. Nest calls its lifecycle hooks like those of a provider (`onModuleInit` connects), and `close` at
   * shutdown. While it cannot connect, events of other processes are found by polling.
   */
  open(): EventBus | Promise<EventBus>;
}
