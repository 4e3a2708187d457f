import { syncBuiltinESMExports } from 'node:module';
import { loadOptional } from '../../common/load-optional.js';

/** What we use of a clock of @sinonjs/fake-timers. */
interface FakeClock {
  tickAsync(ms: number): Promise<number>;
  setTickMode(mode: { mode: 'nextAsync' | 'manual' }): void;
  uninstall(): void;
}

/** `setImmediate` and the like stay real: they are how the server gets on while time stands still. */
const FAKED = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;

/** The time of the whole process, which moves only when the test says so. */
export class ManualClock {
  private constructor(private readonly fake: FakeClock) {}

  /** @throws MissingPackageError if @sinonjs/fake-timers is not installed. */
  static async install(): Promise<ManualClock> {
    const timers = await loadOptional(
      "createAgentHarness(Agent, { clock: 'manual' })",
      ['@sinonjs/fake-timers@15'],
      () => import('@sinonjs/fake-timers'),
    );
    const config = { now: Date.now(), toFake: [...FAKED], shouldClearNativeTimers: true };
    const clock = new ManualClock(timers.default.install(config));
    // For `import { setTimeout } from 'node:timers/promises'`.
    syncBuiltinESMExports();
    return clock;
  }

  /**
   * Moves time on by `ms`. Timers that are due run in their order, and what they start gets time to go on in between. A minute takes about a
   * tenth of a second, because the server's own timers run too.
   */
  async advance(ms: number): Promise<void> {
    await this.fake.tickAsync(ms);
  }

  /** Lets time run by itself, as fast as it can, for what waits for timers at the end. */
  release(): void {
    this.fake.setTickMode({ mode: 'nextAsync' });
  }

  uninstall(): void {
    this.fake.setTickMode({ mode: 'manual' });
    this.fake.uninstall();
    syncBuiltinESMExports();
  }
}
