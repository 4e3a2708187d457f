import type { FailureLog } from './failure-log.js';

export interface BackgroundLoopOptions {
  /** The repeated work. A failed pass is retried after the pause. */
  readonly pass: () => Promise<unknown>;
  /** The pause before the next pass, in ms; called before each pause. */
  readonly pauseMs: () => number;
  /** Logs what `pass` throws; default: `pass` logs its own failures. */
  readonly failures?: Pick<FailureLog, 'attempt'>;
  /** Called before each pass: false skips it. */
  readonly ready?: () => boolean;
}

/** Repeats work periodically, and when woken: one pass at a time. Its timer does not keep the process alive. */
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

  /** Starts periodic passes, the first after a pause. May follow `stop`. */
  start(): void {
    this.#stopped = false;
    if (this.#started) return;
    this.#started = true;
    if (!this.#busy) this.#schedule();
  }

  /**
   * Runs a pass now, also before `start`. While one is in progress, another follows it, unless it fails: the next one then comes after the
   * pause. No effect after `stop`.
   */
  wake(): void {
    this.#again = true;
    if (!this.#busy) this.#running = this.#run();
  }

  /** Starts no further pass; resolves when none is in progress. */
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
