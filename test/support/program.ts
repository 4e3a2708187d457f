import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const KEPT_LINES = 2_000;
const START_LIMIT_MS = 60_000;

export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Nothing of the test's own environment but PATH and HOME reaches the program beside these. */
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves the start: what it makes of a line of the output, if anything. */
  readonly ready: (line: string) => string | undefined;
}

/** A server in a process group of its own. */
export class Program {
  readonly #lines: string[] = [];
  readonly #exited: Promise<number | null>;
  url = '';

  private constructor(private readonly child: ChildProcess) {
    this.#exited = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when a line of its output says that it is ready; rejects with the end of its output when none does. */
  static async start({ command, args, cwd, env = {}, ready }: ProgramStart): Promise<Program> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, NO_COLOR: '1', ...env },
    });
    const program = new Program(child);
    try {
      program.url = await program.#untilReady(ready);
    } catch (error) {
      await program.stop('SIGKILL');
      throw error;
    }
    return program;
  }

  /** The end of what it wrote. */
  get output(): string {
    return this.#lines.join('\n');
  }

  /** Signals the whole group, as a terminal does at Ctrl-C, and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      process.kill(-this.child.pid, signal);
    }
    return this.#exited;
  }

  #untilReady(ready: ProgramStart['ready']): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`The program ${why}. Its output:\n${this.output}`));
      const limit = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      this.child.once('error', reject);
      void this.#exited.then((code) => fail(`ended with ${code}`)).finally(() => clearTimeout(limit));
      for (const stream of [this.child.stdout, this.child.stderr]) {
        createInterface({ input: stream! }).on('line', (line) => {
          this.#lines.push(line);
          if (this.#lines.length > KEPT_LINES) this.#lines.shift();
          const said = ready(line);
          if (said === undefined) return;
          clearTimeout(limit);
          resolve(said);
        });
      }
    });
  }
}
