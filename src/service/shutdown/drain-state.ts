import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out. It never comes back from it. */
@Injectable()
export class DrainState {
  private readonly controller = new AbortController();

  /** Aborts when the drain begins. */
  readonly signal: AbortSignal = this.controller.signal;

  get draining(): boolean {
    return this.signal.aborted;
  }

  /** From here on readiness says no. */
  begin(): void {
    this.controller.abort(new Error('the service is shutting down'));
  }
}
