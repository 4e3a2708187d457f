import path from 'node:path';
import { Program } from './program.js';
import { ROOT } from './snippets.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');

/** The service with its lab agents and memory storage, on a free port, started by Node with these flags. */
export const startLab = (flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> =>
  Program.start({
    command: process.execPath,
    args: [...flags, path.join(dist, 'src', 'service', 'main.js'), '--lab'],
    cwd: ROOT,
    env: { PORT: '0', STORE: 'memory', ...env },
    ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
  });
