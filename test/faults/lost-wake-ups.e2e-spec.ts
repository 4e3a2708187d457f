import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figures, sized, spread } from '../support/faults/figures.js';
import { lags } from '../support/faults/lag.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { SmallRedis } from '../support/redis.server.js';
import { SeededRandom } from '../support/seeded-random.js';

const TASKS = sized(5, 40);
const STREAM = { chunks: sized(100, 500), bytes: 64, delayMs: 20 };
const POLL_MS = 1_000;
/** Generous: a poll, on a busy machine. */
const LAG_LIMIT_MS = 20 * POLL_MS;
const LIMIT_MS = 120_000;

describe('a bus that loses wake-ups', () => {
  let fleet: ReplicaFleet;
  let redis: SmallRedis;
  beforeAll(async () => {
    redis = await SmallRedis.open();
    fleet = await ReplicaFleet.start({
      replicas: 2,
      losesNone: true,
      env: () => ({ REDIS_URL: redis.url, A2A_POLL_MS: String(POLL_MS) }),
    });
  }, LIMIT_MS);
  afterAll(async () => {
    await fleet.remove();
    await redis.close();
  }, LIMIT_MS);

  it.each([100, 50])(
    '%i %% of them: readers are shown the same, within the time of a poll',
    async (percent) => {
      const random = new SeededRandom(percent);
      redis.lost = redis.delivered = 0;
      redis.loses = () => random.next() * 100 < percent;
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: 'lab',
          stream: STREAM,
          at: index % 2,
          loyal: true,
          readers: [{ at: 1 - (index % 2) }, { at: 1 - (index % 2), fromSnapshot: true }],
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.done(LIMIT_MS / 2);

      const verdict = await witness.verify();
      const late = lags(witness.tasks);
      figures(
        `${percent} % of the wake-ups lost (${redis.lost} messages, ${redis.delivered} came through): lag to the other replica ${spread(late)}; ` +
          `${verdict.events} events, ${verdict.readers} readers`,
      );
      expect(verdict).toMatchObject({ completed: TASKS, reconnects: 0 });
      expect(redis.lost).toBeGreaterThan(0);
      expect(Math.max(...late)).toBeLessThan(LAG_LIMIT_MS);
    },
    LIMIT_MS,
  );
});
