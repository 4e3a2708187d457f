import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica, ReplicaFleet } from '../faults/replica.fleet.js';
import type { SeededRandom } from '../seeded-random.js';

const TERMINATE_SOME = `
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and random() < 0.7`;

const CALM_MS = { least: 1_000, most: 4_000 };

/** Injects faults into the replicas of a fleet, one at a time, and undoes each before the next. */
export class Nemesis {
  /** How often each harm was done. */
  readonly done: Record<string, number> = {};
  /** Processes that ended although nobody killed them, or that found a task that was forgotten. */
  readonly faults: string[] = [];
  readonly #killed = new Set<Replica>();
  readonly #watched = new Set<Replica>();

  constructor(
    private readonly fleet: ReplicaFleet,
    private readonly random: SeededRandom,
  ) {
    for (const replica of fleet.replicas) this.#watch(replica);
  }

  /** Resolves when the time is up and every fault is undone. */
  async run(durationMs: number): Promise<void> {
    const harms = Object.entries(this.#harms);
    for (const end = performance.now() + durationMs; performance.now() < end;) {
      // Each of them once before any of them again.
      for (const [name, harm] of this.#shuffled(harms)) {
        if (performance.now() > end) break;
        await sleep(this.random.between(CALM_MS.least, CALM_MS.most));
        await harm();
        this.done[name] = (this.done[name] ?? 0) + 1;
      }
    }
  }

  readonly #harms: Readonly<Record<string, () => Promise<void>>> = {
    'kill -9': async () => {
      const replica = this.#one();
      this.#killed.add(replica);
      await replica.service.kill('SIGKILL');
      await sleep(this.random.between(0, 3_000));
      await replica.proxy.close();
      this.#watch(await this.fleet.add());
    },
    SIGSTOP: async () => {
      const replica = this.#one();
      replica.stop();
      await sleep(this.random.between(500, 10_000));
      replica.goOn();
    },
    'terminated backends': async () => {
      for (let times = this.random.between(1, 5); times > 0; times--) {
        await this.fleet.query(TERMINATE_SOME);
        await sleep(this.random.between(0, 300));
      }
    },
    'cut connections': async () => {
      for (let times = this.random.between(1, 5); times > 0; times--) {
        for (const { proxy } of this.fleet.usable) if (this.random.next() < 0.7) proxy.cut();
        await sleep(this.random.between(0, 300));
      }
    },
    'connections cut in the middle of an answer': async () => {
      const { proxy } = this.#one();
      proxy.cutAfter(() => this.random.between(0, 20_000));
      await sleep(this.random.between(500, 3_000));
      proxy.cutAfter(() => undefined);
    },
    'lost answers': async () => {
      for (let times = this.random.between(1, 10); times > 0; times--) {
        for (const { proxy } of this.fleet.usable) proxy.loseNextAnswers(this.random.between(0, 20));
        await sleep(this.random.between(0, 300));
      }
    },
    'a silent database': async () => {
      const { proxy } = this.#one();
      proxy.fallSilent();
      await sleep(this.random.between(500, 8_000));
      proxy.speak({ cut: this.random.next() < 0.5 });
    },
  };

  #one(): Replica {
    const { usable } = this.fleet;
    const replica = usable[this.random.between(0, usable.length - 1)];
    if (!replica) throw new Error(`No replica is left.\n${this.faults.join('\n')}`);
    return replica;
  }

  #watch(replica: Replica): void {
    if (this.#watched.has(replica)) return;
    this.#watched.add(replica);
    void replica.service.said('It is a defect of this server').then(() => this.faults.push(replica.service.log));
    void replica.service.exited.then(({ code, signal }) => {
      if (this.#killed.has(replica) || this.#over) return;
      this.faults.push(`Replica ${replica.number} ended with ${signal ?? code}:\n${replica.service.log}`);
    });
  }

  /** From here on processes may end. */
  rest(): void {
    this.#over = true;
  }

  #over = false;

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}
