import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SafeLogger } from '../../common/safe-logger.js';
import type { LeaseSource } from '../../tasks/lease-connection.interface.js';
import { LeaseBoard } from './lease.board.js';
import type { NumberedLease, RenewerLimits } from './lease.renewer.js';
import type { LeaseWorkerData, LeaseWorkerMessage } from './lease.worker.js';

/** How often the main thread reports that it is alive, in ms. */
const BEAT_MS = 250;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const END_LIMIT_MS = 2_000;
/** The thread holds one connection and no data. */
const MEMORY_MB = 64;

const WORKER = new URL('./lease.worker.js', import.meta.url);

/** Renewal by another thread, so that the lease survives while this one is busy. */
export interface Renewal {
  /** Renews the lease under this id from now on. */
  begin(id: string): void;
  /** Time since the thread last renewed it, in ms; undefined: never. */
  readonly renewedMsAgo: number | undefined;
  /** The storage told the thread that the lease is over. */
  readonly lost: boolean;
  end(): Promise<void>;
}

/** Undefined where a thread cannot be started: the sources run as TypeScript, or are bundled without the worker file. */
export function renewalThread(source: LeaseSource | undefined, limits: RenewerLimits): Renewal | undefined {
  if (!source) return undefined;
  if ([WORKER.href, source.module].every((url) => existsSync(fileURLToPath(url))))
    return new RenewalThread(source, limits);
  if (!import.meta.url.endsWith('.ts')) {
    const file = fileURLToPath(WORKER);
    new SafeLogger(RenewalThread.name).warn(
      `${file} is not there, so this process renews its lease in its event loop, and loses its runs when that is blocked for longer than the lease.`,
    );
  }
  return undefined;
}

/** Never keeps the process alive. A thread that dies or hangs is started again. */
class RenewalThread implements Renewal {
  readonly #log = new SafeLogger(RenewalThread.name);
  readonly #board = new LeaseBoard();
  #lease?: NumberedLease;
  #worker?: Worker;
  #hung = false;
  #beats?: NodeJS.Timeout;
  #restart?: NodeJS.Timeout;
  #pauseMs = FIRST_PAUSE_MS;
  #ended = false;

  constructor(
    private readonly source: LeaseSource,
    private readonly limits: RenewerLimits,
  ) {}

  get renewedMsAgo(): number | undefined {
    return this.#lease && this.#board.renewedMsAgo(this.#lease.number);
  }

  get lost(): boolean {
    return this.#lease !== undefined && this.#board.isLost(this.#lease.number);
  }

  begin(id: string): void {
    if (this.#ended) return;
    this.#lease = { id, number: (this.#lease?.number ?? 0) + 1 };
    this.#board.beat('mainBeat');
    this.#beats ??= setInterval(() => this.#beat(), BEAT_MS).unref();
    if (this.#worker) this.#tell(this.#lease);
    else this.#start();
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#beats);
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (!worker) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    const limit = setTimeout(() => void worker.terminate(), END_LIMIT_MS);
    this.#tell('stop');
    await gone;
    clearTimeout(limit);
  }

  #beat(): void {
    const blockedMs = this.#board.silentMs('mainBeat');
    const hung = this.#board.silentMs('threadBeat') > this.limits.stallMs;
    this.#board.beat('mainBeat');
    if (blockedMs > this.limits.leaseMs) {
      const seconds = (blockedMs / 1000).toFixed(1);
      this.#log.warn(
        `The event loop of this process stood still for ${seconds} s. Give long computations to a worker thread.`,
      );
    } else if (hung && this.#worker) {
      this.#hung = true;
      void this.#worker.terminate();
    }
  }

  #tell(message: LeaseWorkerMessage): void {
    this.#worker?.postMessage(message);
  }

  #start(): void {
    if (this.#ended || !this.#lease) return;
    this.#hung = false;
    try {
      this.#worker = this.#open(this.#lease);
    } catch (error) {
      // The system allows no more threads.
      this.#died(String(error));
    }
  }

  #open(lease: NumberedLease): Worker {
    const { memory } = this.#board;
    const workerData: LeaseWorkerData = { ...this.source, ...this.limits, memory, lease };
    this.#board.beat('threadBeat');
    // Without this process's options: no debugger, no preloaded modules.
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = new Worker(WORKER, { workerData, execArgv: [], resourceLimits, name: 'a2a-lease' });
    worker.unref();
    let why = 'it ended';
    worker.on('error', (error) => (why = String(error)));
    worker.once('exit', () => this.#died(this.#hung ? 'it hung' : why));
    return worker;
  }

  #died(why: string): void {
    this.#worker = undefined;
    if (this.#ended) return;
    this.#log.warn(
      `The thread that renews the lease is started again, since ${why}. The main thread renews meanwhile.`,
    );
    // A thread that renewed was healthy.
    if ((this.renewedMsAgo ?? Infinity) < this.limits.leaseMs) this.#pauseMs = FIRST_PAUSE_MS;
    this.#restart = setTimeout(() => this.#start(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
