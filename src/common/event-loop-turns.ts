import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time in ms for which a loop of promises may keep timers and sockets waiting. */
const LONGEST_MS = 5;

/** Lets the event loop turn within a loop whose awaits may all be settled already, which would never end for anybody else. */
export class EventLoopTurns {
  #since = performance.now();

  /** Await it in each round: it costs nothing but each few milliseconds. */
  turn(): Promise<void> | undefined {
    if (performance.now() - this.#since < LONGEST_MS) return undefined;
    return nextTurn().then(() => {
      this.#since = performance.now();
    });
  }
}
