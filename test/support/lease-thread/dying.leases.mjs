// What a thread renews leases with in a test: the first one comes to its end as it was told, those after it are well.
import { setImmediate } from 'node:timers';

export function connectLeases({ how, memory }) {
  const [threads, renewals] = [0, 1];
  const counts = new Int32Array(memory);
  const isFirst = Atomics.add(counts, threads, 1) === 0;
  if (how === 'never connects') throw new Error('no connection');
  const renew = async () => {
    Atomics.add(counts, renewals, 1);
    if (isFirst) END[how]();
    return true;
  };
  return { renew, close: async () => undefined };
}

const END = {
  exits: () => process.exit(3),
  throws: () => setImmediate(() => Promise.reject(new Error('thrown by nobody'))),
  'takes all memory': () => {
    for (const kept = []; ;) kept.push(new Array(100_000).fill(kept.length));
  },
  hangs: () => {
    for (;;);
  },
};
