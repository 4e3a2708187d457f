import { spawn } from 'node:child_process';
import type { PostgresLocation } from './postgres-location.js';
import { toolPath, type PostgresTool } from './platform-binaries.js';

const OUTPUT_LIMIT = 8_192;

export interface ToolResult {
  /** Exit code; -1 if a signal ended it. */
  readonly code: number;
  /** The end of its output. */
  readonly output: string;
}

/** Nothing of this process' environment is passed to Postgres: PGDATA, PGPORT and others would change what it does. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: 'C' };
}

/** The user and directory in which Postgres' programs run. */
export function spawnOptions(location: PostgresLocation) {
  const { user } = location;
  return {
    cwd: location.home,
    env: toolEnvironment(),
    windowsHide: true,
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** Runs a Postgres program until it ends. */
export function runTool(location: PostgresLocation, tool: PostgresTool, args: readonly string[]): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(toolPath(location.binaries, tool), args, {
      ...spawnOptions(location),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_LIMIT);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output: output.trim() }));
  });
}
