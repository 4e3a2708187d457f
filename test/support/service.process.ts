import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', '..', 'dist');
const MAIN = path.join(dist, 'src', 'service', 'main.js');
const KEPT_LINES = 200;
const START_LIMIT_MS = 60_000;

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceStart {
  readonly port: number;
  readonly dataDir: string;
  /** Further environment variables; nothing of the test's own environment but PATH and HOME reaches the service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly lab?: boolean;
}

/** The service, with the lab unless it is left out, as a process in a process group of its own. */
export class ServiceProcess {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  readonly exited: Promise<ServiceExit>;

  private constructor(
    private readonly child: ChildProcess,
    readonly origin: string,
  ) {
    this.exited = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        for (const listener of this.#listeners) listener(line);
      });
    }
  }

  /** Resolves when it listens; rejects with the end of its log when it does not get there. */
  static async start({ port, dataDir, env = {}, lab = true }: ServiceStart): Promise<ServiceProcess> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [MAIN, ...(lab ? ['--lab'] : [])], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, NO_COLOR: '1', PORT: String(port), DATA_DIR: dataDir, ...env },
    });
    const service = new ServiceProcess(child, `http://127.0.0.1:${port}`);
    await service.#untilListening();
    return service;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The end of what it said. */
  get log(): string {
    return this.#lines.join('\n');
  }

  /** When it says something with `text` in it, from now on, by `performance.now()`. */
  said(text: string): Promise<number> {
    return new Promise((resolve) => {
      const look = (line: string): void => {
        if (!line.includes(text)) return;
        this.#listeners.delete(look);
        resolve(performance.now());
      };
      this.#listeners.add(look);
    });
  }

  /** Memory of the process that is in RAM. */
  get residentBytes(): number {
    const kilobytes =
      process.platform === 'linux'
        ? /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]
        : execFileSync('ps', ['-o', 'rss=', '-p', String(this.pid)], { encoding: 'utf8' });
    return Number(kilobytes) * 1024;
  }

  /** To the process alone. */
  kill(signal: NodeJS.Signals): Promise<ServiceExit> {
    if (this.alive) this.child.kill(signal);
    return this.exited;
  }

  /** To the whole process group, as a terminal does at Ctrl-C. */
  interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<ServiceExit> {
    if (this.alive) process.kill(-this.pid, signal);
    return this.exited;
  }

  async #untilListening(): Promise<void> {
    const ended = this.exited.then(({ code, signal }) => `ended with ${signal ?? code}`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, START_LIMIT_MS, `did not listen within ${START_LIMIT_MS} ms`);
    });
    const listening = new Promise<undefined>((resolve) => {
      const look = (line: string): void => void (line.includes('Listening on') && resolve(undefined));
      createInterface({ input: this.child.stdout! }).on('line', look);
    });
    const fault = await Promise.race([listening, ended, late]).finally(() => clearTimeout(timer));
    if (fault === undefined) return;
    await this.kill('SIGKILL');
    throw new Error(`The service ${fault}. Its log:\n${this.log}`);
  }
}
