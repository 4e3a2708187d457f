import { spawn } from 'node:child_process';
import type { PostgresPlace } from './postgres-location.js';
import { toolPath, type PostgresTool } from './platform-binaries.js';

const OUTPUT_LIMIT = 8_192;

export interface ToolResult {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  /** The end of what it wrote. */
  readonly output: string;
}

/** Nothing of this process' environment reaches Postgres: PGDATA, PGPORT and their like would change what it does. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: 'C' };
}

/** As whom and where the programs of Postgres run. */
export function spawnOptions(place: PostgresPlace) {
  const { user } = place;
  return { cwd: place.home, env: toolEnvironment(), windowsHide: true, ...(user && { uid: user.uid, gid: user.gid }) };
}

/** Runs a program of Postgres to its end. */
export function runTool(place: PostgresPlace, tool: PostgresTool, args: readonly string[]): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(toolPath(place.binaries, tool), args, {
      ...spawnOptions(place),
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
