import type { SafeLogger } from './safe-logger.js';
import { briefTextOfError } from './text-of-error.js';

export interface FailureTexts {
  /** What fails: the beginning of a sentence. */
  readonly failed: string;
  /** A sentence. */
  readonly recovered: string;
}

/** Logs only the first of several failures in a row, and then the recovery. */
export class FailureLog {
  #failing = false;

  constructor(
    private readonly logger: Pick<SafeLogger, 'warn' | 'log'>,
    private readonly texts: FailureTexts,
  ) {}

  get failing(): boolean {
    return this.#failing;
  }

  /** Runs `work` and logs how it went. Returns whether it succeeded; never rejects. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.succeeded();
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  failed(error: unknown): void {
    if (!this.#failing) this.logger.warn(`${this.texts.failed}, trying again: ${briefTextOfError(error)}`);
    this.#failing = true;
  }

  succeeded(): void {
    if (this.#failing) this.logger.log(this.texts.recovered);
    this.#failing = false;
  }
}
