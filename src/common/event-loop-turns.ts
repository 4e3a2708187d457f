import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time, in ms, for which a loop of promises may block timers and sockets. */
const LONGEST_MS = 5;

/** Lets the event loop turn inside a loop whose awaits may all be settled already. Such a loop would block everything else. */
export class EventLoopTurns {
  #since = performance.now();

  /** Await it in each round. It yields only every few milliseconds; otherwise it costs nothing. */
  turn(): Promise<void> | undefined {
    if (performance.now() - this.#since < LONGEST_MS) return undefined;
    return nextTurn().then(() => {
      this.#since = performance.now();
    });
  }
}
