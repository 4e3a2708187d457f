import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Program } from './program.js';
import { ROOT } from './snippets.js';

/** The service with the agent of the conformance suites, started as docs/conformance-agent.md says, on a free port. */
export class ConformanceProgram {
  private constructor(
    private readonly program: Program,
    private readonly dataDir: string,
  ) {}

  static async start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-conformance-'));
    // As root the database runs as another user, who must be able to pass.
    chmodSync(dataDir, 0o711);
    const program = await Program.start({
      command: 'npm',
      args: ['run', 'start:conformance', '--', ...args],
      cwd: ROOT,
      env: { PORT: '0', DATA_DIR: dataDir, ...env },
      ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
    });
    return new ConformanceProgram(program, dataDir);
  }

  /** `http://127.0.0.1:12345`, without a slash at its end. */
  get origin(): string {
    return this.program.url.replace(/\/$/, '');
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
