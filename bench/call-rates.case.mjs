import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { built } from './support/paths.mjs';
import { rounded, spread } from './support/statistics.mjs';

/** A caller that is far from its limit, and one that uses up 600 calls at once. */
const LOADS = [
  ['far from its limit', 1_000_000],
  ['that uses up 600 calls', 600],
];

/** What it costs to count a call of a caller: in the process, and over all processes on Postgres and on Redis. */
export async function callRatesCase({ options, databases, say }) {
  const { calls, rounds } = options['call-rates'];
  const load = (file) => import(pathToFileURL(built(`src/${file}.js`)).href);
  const [{ RateLimit }, { SharedRateLimit }, { openPostgresStores }, { openRedisStores }] = await Promise.all(
    [
      'common/rate-limit',
      'common/call-rates/shared-rate-limit',
      'tasks/sql/postgres/open-stores',
      'tasks/redis/open-stores',
    ].map(load),
  );
  const redis = process.env.A2A_BENCH_REDIS_URL;
  if (!redis) say('call-rates: Redis is left out; A2A_BENCH_REDIS_URL names one');
  const stores = {
    Postgres: await openPostgresStores(databases.ours),
    ...(redis && { Redis: await openRedisStores(redis, { prefix: 'bench', acceptLoss: true }) }),
  };
  const places = [['the process', () => new RateLimit(), () => 0]];
  for (const [name, { rates }] of Object.entries(stores)) {
    let accesses = 0;
    const counted = {
      read: (caller) => (accesses++, rates.read(caller)),
      swap: (...given) => (accesses++, rates.swap(...given)),
      prune: (limit) => rates.prune(limit),
    };
    places.push([name, () => new SharedRateLimit(counted), () => accesses]);
  }
  const figures = [];
  const details = [];
  try {
    for (const [place, limitOf, accessesOf] of places) {
      for (const [who, perMinute] of LOADS) {
        const count = Math.min(calls, perMinute);
        const [cpu, wall] = [[], []];
        const before = accessesOf();
        // The first round is warmed up by. Each round is another caller, who has the whole budget.
        for (let round = 0; round <= rounds; round++) {
          const limit = limitOf();
          const caller = `bench ${place} ${perMinute} ${round} ${Date.now()}`;
          const [cpuBegun, begun] = [process.cpuUsage(), performance.now()];
          for (let i = 0; i < count; i++) {
            const state = limit.take(caller, perMinute);
            if (state instanceof Promise) await state;
          }
          const { user, system } = process.cpuUsage(cpuBegun);
          if (round === 0) continue;
          cpu.push((user + system) / count);
          wall.push(((performance.now() - begun) * 1_000) / count);
        }
        const accesses = (accessesOf() - before) / ((rounds + 1) * count);
        const [value, waited] = [spread(cpu), spread(wall)];
        const name = `µs of processor time to count a call in ${place}, of a caller ${who}`;
        say(
          `call-rates: ${place}, ${who}: ${rounded(value.median)} µs, waits ${rounded(waited.median)} µs, ${rounded(accesses)} accesses a call`,
        );
        figures.push({ name, value, better: 'less' });
        details.push({ place, who, micros: value, waited, accesses });
      }
    }
  } finally {
    for (const store of Object.values(stores)) await store.close();
  }
  return { figures, details };
}
