import { InProcessEventBus } from '../in-process.event-bus.js';
import type { A2aBus } from './a2a-bus.interface.js';

/** Nothing is told to other processes: they find by polling (`pollMs`) what is new. */
export function inProcessBus(): A2aBus {
  return { name: 'in-process', shared: false, open: () => new InProcessEventBus() };
}
