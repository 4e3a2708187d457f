import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fence } from './markdown.js';

export const ROOT = path.join(import.meta.dirname, '..', '..');
const TSC = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** What the applications of readers have, Nest's own starter among them. */
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'ES2023',
  strict: true,
  types: ['node'],
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmitOnError: true,
};

/** The complaints of the compiler about the .ts files of a directory; '' when it has compiled them to .js beside them. */
export function compile(directory: string, options: object = {}): string {
  const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, include: ['**/*.ts'] };
  writeFileSync(path.join(directory, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, stderr, status } = spawnSync(process.execPath, [TSC, '-p', directory, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : stdout + stderr || `tsc ended with ${status}`;
}

/** An empty directory in which the package is found by its name, and all that this repository has installed. */
export function emptyProject(name: string): string {
  const directory = path.join(ROOT, 'node_modules', '.cache', 'snippets', name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(path.join(directory, 'node_modules'), { recursive: true });
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(ROOT, path.join(directory, 'node_modules', 'nest-a2a'));
  return directory;
}

/**
 * Writes the TypeScript of a page as files: by their names, others by the place they have in the page. What imports nothing
 * is an excerpt and is left out.
 */
export function writeSnippets(directory: string, fences: readonly Fence[]): void {
  mkdirSync(directory, { recursive: true });
  for (const [index, { language, text, name }] of fences.entries()) {
    if (language !== 'ts' || !/^import /m.test(text)) continue;
    const file = path.join(directory, name ?? `block-${index + 1}.ts`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
