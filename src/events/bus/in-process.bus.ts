import { InProcessEventBus } from '../in-process.event-bus.js';
import type { A2aBus } from './a2a-bus.interface.js';

/** Tells other processes nothing: they find new events by polling (`pollMs`). */
export function inProcessBus(): A2aBus {
  return { name: 'in-process', shared: false, open: () => new InProcessEventBus() };
}
