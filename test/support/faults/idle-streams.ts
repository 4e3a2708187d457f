import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const PROGRAM = path.join(import.meta.dirname, 'idle-streams.client.mjs');

/** When an event arrived, on how many streams; times in ms since the epoch. */
export interface Arrivals {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

export interface IdleReport {
  /** That are open. */
  readonly streams: number;
  /** That ended otherwise than by the server. */
  readonly broken: number;
  /** Events behind the first one of each stream, by their seq. */
  readonly seen: ReadonlyMap<number, Arrivals>;
}

/** A client process, with an address of its own, that keeps event streams open. */
export class IdleStreams {
  readonly #child: ChildProcess;

  /** `localAddress`: such as 127.0.0.2, since an address has ports for so many connections to one server only. */
  constructor(private readonly localAddress: string) {
    this.#child = fork(PROGRAM, { execArgv: [] });
  }

  /** Opens so many `SubscribeToTask` streams, in turn of these tasks; resolves when each has begun. */
  async open(url: string, ids: readonly string[], count: number): Promise<void> {
    const { localAddress } = this;
    await this.#ask({ open: { url, ids, count, localAddress } });
  }

  async report(): Promise<IdleReport> {
    const { report } = (await this.#ask({ report: true })) as {
      report: { streams: number; broken: number; seen: [number, Arrivals][] };
    };
    return { ...report, seen: new Map(report.seen) };
  }

  /** As a machine that loses its power: nobody says goodbye, but the system closes the connections. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  async #ask(message: object): Promise<unknown> {
    const answer = once(this.#child, 'message');
    const died = once(this.#child, 'exit').then(() => {
      throw new Error('The client process has ended.');
    });
    died.catch(() => undefined);
    this.#child.send(message);
    const [said] = (await Promise.race([answer, died])) as unknown[];
    return said;
  }
}
