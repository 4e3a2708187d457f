// A copy of the sources in another place, without what npm, builds and tests made.
import { cpSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..');

const MADE = new Set(['node_modules', 'dist', 'coverage', '.git', '.data']);

export function copySources(directory) {
  cpSync(root, directory, { recursive: true, filter: (source) => !MADE.has(path.basename(source)) });
}
