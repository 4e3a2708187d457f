// A process with a lease that a thread renews, which dies as argv[3] says; argv[2]: the compiled product. Writes what it came to.
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [, , dist, how] = process.argv;
const load = (file) => import(pathToFileURL(`${dist}/src/execution/${file}`).href);
const { Lease } = await load('ownership/lease.js');
const { renewalThread } = await load('ownership/renewal.thread.js');

const LEASE_MS = 8_000;
const memory = new SharedArrayBuffer(8);
const counts = new Int32Array(memory);
let [crashes, byMain] = [0, 0];
const store = {
  registerReplica: async () => undefined,
  renewReplica: async () => ++byMain > 0,
  removeReplica: async () => undefined,
};
const settings = { how, memory, ...(how === 'is not started' && { notForThreads: () => undefined }) };
const module = new URL('./dying.leases.mjs', import.meta.url).href;
const renewal = renewalThread({ module, settings }, { leaseMs: LEASE_MS, stallMs: 3_000 });
const lease = new Lease(store, LEASE_MS, () => crashes++, renewal);
await lease.take();
const { id } = lease;
lease.keep();

const isWell = ['never connects', 'is not started'].includes(how)
  ? () => byMain >= 2
  : () => counts[0] >= 2 && renewal.renewedMsAgo !== undefined && counts[1] >= 3;
while (!isWell() && crashes === 0) await sleep(20);
const outcome = { crashes, held: lease.held, same: lease.id === id, threads: counts[0] };
await lease.end();
console.log(JSON.stringify(outcome));
