import { describe } from '@jest/globals';
import type { OpenCluster } from './event-bus/bus-cluster.js';
import { LosingBus } from './event-bus/losing-bus.js';
import { readers } from './event-bus/readers.js';
import { endings, wakes } from './event-bus/wakes.js';

/** What every EventBus must do, and what readers make of it when it loses half or all of what it is told. */
export function eventBusContract(name: string, open: OpenCluster): void {
  describe(`EventBus (${name})`, () => {
    wakes(open);
    endings(open);
    readers(open, true);
    describe.each(['half', 'all'] as const)('of which %s is lost', (loses) => {
      readers(losing(open, loses), false);
    });
  });
}

/** The members know each other before they begin to lose anything. */
function losing(open: OpenCluster, loses: 'half' | 'all'): OpenCluster {
  return async () => {
    const cluster = await open();
    const members: LosingBus[] = [];
    const join = async (): Promise<LosingBus> => {
      const bus = new LosingBus(await cluster.join(), loses);
      members.push(bus);
      return bus;
    };
    const met = (): void => members.forEach((bus) => (bus.losing = true));
    return { join, met, close: () => cluster.close() };
  };
}
