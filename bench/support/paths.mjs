import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.join(import.meta.dirname, '..', '..');
export const results = path.join(root, 'bench', 'results');

/** The built service, and what the lab agent is made of: both sides read commands and make chunks with the same code. */
export const built = (file) => path.resolve(root, process.env.A2A_BENCH_DIST ?? 'dist', file);
export const serviceMain = built('src/service/main.js');
export const benchFile = (file) => path.join(root, 'bench', file);

/** The command that makes the tables of `@a2a-js/sdk`. */
export const sdkMigrator = path.join(
  path.dirname(fileURLToPath(import.meta.resolve('@a2a-js/sdk'))),
  'cli',
  'a2a_db.js',
);
