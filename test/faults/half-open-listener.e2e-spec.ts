import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figures, sized, spread } from '../support/faults/figures.js';
import { lags } from '../support/faults/lag.js';
import { type Replica, ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';

const TASKS = sized(5, 40);
/** Long enough that none ends before the fault, however slow the machine is. */
const STREAM = { chunks: 200, bytes: 64, delayMs: 100 };
const UNDER_WAY = 30;
const POLL_MS = 1_000;
/** Generous: a poll, on a busy machine. */
const LAG_LIMIT_MS = 20 * POLL_MS;
const LIMIT_MS = 120_000;

const LISTENERS = `select client_port as port from pg_stat_activity
  where datname = current_database() and query ilike '%a2a_wake%' and pid <> pg_backend_pid()`;

describe('a replica that loses the one connection by which it hears of events', () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    fleet = await ReplicaFleet.start({ replicas: 2, losesNone: true, env: () => ({ A2A_POLL_MS: String(POLL_MS) }) });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  /** The ports by which Postgres knows the listeners; those of one replica have gone through its proxy. */
  async function loseListener({ proxy }: Replica, how: 'silent' | 'broken'): Promise<void> {
    const ports = (await fleet.query<{ port: number }>(LISTENERS)).map(({ port }) => port);
    const lost = ports.filter((port) => (how === 'silent' ? proxy.silenceOne(port) : proxy.cutOne(port)));
    expect(lost).toHaveLength(1);
  }

  it.each([
    ['silent', 'reader'],
    ...sized<['silent' | 'broken', 'reader' | 'writer'][]>(
      [],
      [
        ['broken', 'reader'],
        ['silent', 'writer'],
        ['broken', 'writer'],
      ],
    ),
  ] as const)(
    '%s, at the %s: shows events within the time of a poll',
    async (how, whose) => {
      const witness = new Witness(fleet);
      const watch = () => witness.watch({ agent: 'lab', stream: STREAM, at: 0, loyal: true, readers: [{ at: 1 }] });
      const begun = performance.now();
      await Promise.all(Array.from({ length: TASKS }, watch));
      await witness.underWay(UNDER_WAY);
      const replica = fleet.at(whose === 'reader' ? 1 : 0);
      const away = replica.service.said('LISTEN/NOTIFY is unavailable');
      const back = replica.service.said('LISTEN/NOTIFY is back');
      await loseListener(replica, how);
      const lost = performance.now();
      await witness.done(LIMIT_MS / 2);
      const over = performance.now();
      expect(await witness.verify()).toMatchObject({ completed: TASKS, reconnects: 0 });

      const healthy = lags(witness.tasks, begun, lost);
      const deaf = lags(witness.tasks, lost, how === 'broken' ? await away : over);
      const recovery = sized(undefined, { away, back });
      const then = recovery && (await afterwards(await recovery.away, await recovery.back, lost));
      figures(
        `Listener of the ${whose} ${how}: lag before ${spread(healthy)}; without it ${spread(deaf)}${then ? `; ${then}` : ''}`,
      );
      if (how === 'broken') return;
      expect(Math.max(...deaf)).toBeLessThan(LAG_LIMIT_MS);
      // It was deaf: most events waited for a poll.
      expect(Math.max(...deaf)).toBeGreaterThan(POLL_MS / 4);
    },
    LIMIT_MS,
  );

  /** It hears again: what is streamed then comes at once. */
  async function afterwards(away: number, back: number, lost: number): Promise<string> {
    const witness = new Witness(fleet);
    await witness.watch({ agent: 'lab', stream: STREAM, at: 0, loyal: true, readers: [{ at: 1 }] });
    await witness.done(LIMIT_MS / 2);
    expect(await witness.verify()).toMatchObject({ completed: 1, reconnects: 0 });
    return `noticed after ${Math.round(away - lost)} ms, back after ${Math.round(back - lost)} ms, then ${spread(lags(witness.tasks))}`;
  }
});
