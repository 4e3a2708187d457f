import type { FailureLog } from './failure-log.js';

export interface BackgroundLoopOptions {
  /** What is done again and again. After a failure it is done again after the pause. */
  readonly pass: () => Promise<unknown>;
  /** The pause before the next pass, in ms; asked anew each time. */
  readonly pauseMs: () => number;
  /** Logs what `pass` throws; default: `pass` has logged it. */
  readonly failures?: Pick<FailureLog, 'attempt'>;
  /** Asked before each pass: false leaves it out. */
  readonly ready?: () => boolean;
}

/** Does something now and then, and when woken: one pass at a time. Its timer keeps no process alive. */
export class BackgroundLoop {
  #timer?: NodeJS.Timeout;
  #running = Promise.resolve();
  #busy = false;
  #again = false;
  #started = false;
  #stopped = false;

  constructor(private readonly options: BackgroundLoopOptions) {}

  get stopped(): boolean {
    return this.#stopped;
  }

  /** From here on there are passes by themselves, the first after a pause. May follow `stop`. */
  start(): void {
    this.#stopped = false;
    if (this.#started) return;
    this.#started = true;
    if (!this.#busy) this.#schedule();
  }

  /**
   * A pass now, also before `start`; while one is under way, one more after it, unless that fails: the next is then made after the
   * pause. Nothing after `stop`.
   */
  wake(): void {
    this.#again = true;
    if (!this.#busy) this.#running = this.#run();
  }

  /** Begins no other pass; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#started) this.#timer = setTimeout(() => this.wake(), this.options.pauseMs()).unref();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { failures } = this.options;
    this.#busy = true;
    clearTimeout(this.#timer);
    const pass = async (): Promise<unknown> => this.options.pass();
    while (this.#again && this.#ready) {
      this.#again = false;
      const succeeded = await (failures?.attempt(pass) ?? pass().then(...OUTCOME));
      if (!succeeded) this.#again = false;
    }
    this.#busy = false;
    this.#schedule();
  }

  get #ready(): boolean {
    return !this.#stopped && (this.options.ready?.() ?? true);
  }
}

const OUTCOME = [() => true, () => false] as const;
