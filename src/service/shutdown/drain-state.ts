import { Injectable } from '@nestjs/common';

/** Whether this process is shutting down. This is final. */
@Injectable()
export class DrainState {
  private readonly controller = new AbortController();

  /** Aborts when the drain starts. */
  readonly signal: AbortSignal = this.controller.signal;

  get draining(): boolean {
    return this.signal.aborted;
  }

  /** From now on the service is not ready. */
  begin(): void {
    this.controller.abort(new Error('the service is shutting down'));
  }
}
