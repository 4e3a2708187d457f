import { EventEmitter } from 'node:events';

/**
 * The SDK's ExecutionEventBus for one turn. `publish` returns a promise where the SDK's returns nothing: it resolves when the
 * event is accepted, so an executor that awaits it is never faster than the storage.
 */
export class SdkEventBus extends EventEmitter {
  constructor(
    private readonly onPublish: (event: unknown) => Promise<void>,
    private readonly onFinished: () => void,
  ) {
    super();
    // As many listeners as on the SDK's bus.
    this.setMaxListeners(0);
  }

  /** Throws if the event is none, or if too many wait. After the end it does nothing. */
  publish(event: unknown): Promise<void> {
    const accepted = this.onPublish(event);
    this.emit('event', event);
    return accepted;
  }

  finished(): void {
    this.onFinished();
    this.emit('finished');
  }
}
