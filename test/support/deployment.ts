import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { EXECUTION_DEFAULTS } from '../../src/execution/execution.options.js';
import type { Environment } from '../../src/service/configuration/environment.js';
import { loadEnvironment } from '../../src/service/configuration/load-environment.js';
import { ROOT } from './snippets.js';

export const textOf = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** A file in YAML, with its anchors. */
export const yamlOf = <T>(file: string): T => parse(textOf(file), { merge: true }) as T;

/**
 * The environment of the service as it reads it, and what it warns of: unknown names among it. `files`: what is in the files that
 * variables name.
 */
export function environmentWith(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): { environment: Environment; warnings: unknown[] } {
  const warnings: unknown[] = [];
  const given = Object.entries(variables).map(([name, value]) => [name, withFiles(name, value, files)]);
  const log = { warn: (text: unknown) => void warnings.push(text) };
  return { environment: loadEnvironment(Object.fromEntries(given) as Record<string, string>, log), warnings };
}

function withFiles(name: string, value: string, files: Readonly<Record<string, string>>): string {
  if (!name.endsWith('_FILE')) return value;
  const file = files[value];
  if (file === undefined) throw new Error(`${name}: there is no ${value}.`);
  return file;
}

/** How long the service takes to end at most, in ms: main.ts has the last part. */
export function longestShutdownMs({ A2A_DRAIN_DELAY_MS, A2A_DRAIN_MS }: Environment): number {
  const [, limit = 'NaN'] = /const CLOSE_LIMIT_MS = ([\d_]+);/.exec(textOf('src/service/main.ts')) ?? [];
  return A2A_DRAIN_DELAY_MS + (A2A_DRAIN_MS ?? EXECUTION_DEFAULTS.drainMs) + Number(limit.replaceAll('_', ''));
}
